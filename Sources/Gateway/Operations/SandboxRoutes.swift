import HTTPFront
import MSNP

/// What only a gateway with a sandbox has: ordering faults.
struct SandboxRoutes: Sendable {
    let sandbox: any SandboxControl

    var routes: [Route] {
        [
            Route(
                "/v1/sandbox/faults",
                [
                    "POST": Endpoint(access: .operator, body: .json, produces: [], run: orderFault)
                ])
        ]
    }

    private func orderFault(_ call: Call) throws(Problem) -> Answer {
        var reader = BodyReader(try JSONText.object(call.body))
        let fault = reader.requiredWord("fault", from: Words(sandbox.faults, \.self))
        let account = reader.optionalAccount("account")
        let count = reader.wholeNumber("count", in: 1...sandbox.largestCount)
        try reader.finish()
        guard let fault else { throw Problem(.invalidRequest, "The body is not complete.") }
        let sandbox = sandbox
        return .later { () throws(Problem) in
            switch await sandbox.order(fault, account: account?.spelling, count: count) {
            case .accepted: return .noContent
            case .unknownAccount: throw Problem(.notFound, "The sandbox has no such account.")
            case .nobodyThere:
                throw Problem(.notFound, "There is nobody whom it could strike: not signed in, or by an older dialect.")
            }
        }
    }
}

/// The sandbox that runs beside the gateway, as far as callers can tell it to go wrong.
package protocol SandboxControl: Sendable {
    /// The faults that it has, by name.
    var faults: [String] { get }
    /// The largest count that a fault can be ordered with; the smallest is 1.
    var largestCount: Int { get }

    /// Orders one of `faults`, for an account or for everybody.
    func order(_ fault: String, account: String?, count: Int?) async -> SandboxOrder
}

/// What came of a fault that was ordered.
package enum SandboxOrder: Equatable, Sendable {
    /// It struck somebody, or waits for its occasion.
    case accepted
    /// The sandbox has no such account.
    case unknownAccount
    /// There is nobody whom it could strike: not signed in, or with a dialect that has nothing of the kind.
    case nobodyThere
}
