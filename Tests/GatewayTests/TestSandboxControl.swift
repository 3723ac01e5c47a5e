import Gateway
import MSNPSandbox

/// The sandbox of a harness, as the gateway's callers reach it.
struct TestSandboxControl: SandboxControl {
    private let server: SandboxServer

    init(_ server: SandboxServer) { self.server = server }

    var faults: [String] { SandboxFault.allCases.map(\.rawValue) }
    var largestCount: Int { SandboxLimits().faultCount }

    func order(_ fault: String, account: String?, count: Int?) async -> SandboxOrder {
        guard let fault = SandboxFault(rawValue: fault) else { return .nobodyThere }
        if let account, await server.account(account) == nil { return .unknownAccount }
        return await server.order(fault, account: account, count: count) ? .accepted : .nobodyThere
    }
}
