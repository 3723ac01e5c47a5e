import Gateway
import MSNPSandbox

/// The sandbox of a harness, as the gateway's callers reach it.
struct TestSandboxControl: SandboxControl {
    private let server: MSNPSandbox.Server

    init(_ server: MSNPSandbox.Server) { self.server = server }

    var faults: [String] { Fault.allCases.map(\.rawValue) }
    var largestCount: Int { MSNPSandbox.Limits().faultCount }

    func order(_ fault: String, account: String?, count: Int?) async -> SandboxOrder {
        guard let fault = Fault(rawValue: fault) else { return .nobodyThere }
        if let account, await server.account(account) == nil { return .unknownAccount }
        return await server.order(fault, account: account, count: count) ? .accepted : .nobodyThere
    }
}
