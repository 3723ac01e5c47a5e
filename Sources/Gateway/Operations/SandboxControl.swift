/// The sandbox that runs beside the gateway, as far as callers can tell it to go wrong.
package protocol SandboxControl: Sendable {
    /// The faults that it has, by name.
    var faults: [String] { get }
    /// The largest count that a fault can be ordered with; the smallest is 1.
    var largestCount: Int { get }

    /// Orders one of `faults`, for an account or for everybody.
    func order(_ fault: String, account: String?, count: Int?) async -> SandboxOrder
}
