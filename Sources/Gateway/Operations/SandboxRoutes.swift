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
                    "POST": Endpoint(access: .operator, body: .json, produces: []) { call throws(Problem) in
                        try orderFault(call)
                    }
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
