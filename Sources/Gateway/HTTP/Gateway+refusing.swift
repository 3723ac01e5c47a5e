import ByteText
package import HTTPFront
import Logging

extension Gateway {
    /// Seconds for `Retry-After`: connections come and go all the time.
    private static let retryAfter = 5

    /// The problem that answers a connection which is one too many.
    package func refuse(_ refusal: ConnectionRefusal) -> Response {
        var problem =
            switch refusal {
            case .address: Problem(.rateLimited, "Your address has as many connections open as it may have.")
            case .connections: Problem(.gatewayFull, "The gateway has as many connections open as it may have.")
            case .descriptors: Problem(.gatewayFull, "The gateway has as many files open as it may have.")
            }
        problem.retryAfter = Self.retryAfter
        if case .address = refusal {
            problem = problem.exceeding(
                ServiceLimit(name: .connections, quota: registry.limits.connectionsPerAddress, remaining: 0))
        }
        // Nothing of the request is known; the answer is one and the same for all, so that its number names no single one.
        var response = problem.response(instance: "", requestID: RequestID(sent: nil).text)
        response.tell(problem.limits)
        return response
    }

    /// Whether a request asks for `/livez` or `/readyz`, for which the last connections are kept.
    package func isProbe(_ head: RequestHead) -> Bool {
        [SystemRoutes.livePath, SystemRoutes.readyPath].contains { ASCII.equals(head.path, $0) }
    }

    /// Logs how many connections were refused since the last time, for one reason.
    package func noteRefusals(_ refusal: ConnectionRefusal, count: Int) {
        logger.warning("connections refused", metadata: ["reason": "\(refusal.reason)", "count": "\(count)"])
    }
}

extension ConnectionRefusal {
    /// As the log and the metrics say it.
    var reason: String {
        switch self {
        case .address: "address"
        case .connections: "connections"
        case .descriptors: "descriptors"
        }
    }
}
