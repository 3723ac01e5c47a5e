import HTTPFront
import Logging

/// What every answer to one request shares.
struct Context: Sendable {
    let head: RequestHead?
    let requestID: String
    let logger: Logger

    /// Turns a result into the answer that is sent: problem documents, conditional requests, the common headers.
    func finish(_ result: Result<Response, Problem>) -> Response {
        var response: Response
        switch result {
        case .success(let ready): response = ready
        case .failure(let problem):
            response = problem.response(instance: head?.path ?? "", requestID: requestID)
            if problem.code == .internalError {
                logger.error("internal error", metadata: ["requestId": "\(requestID)", "detail": "\(problem.detail)"])
            }
        }
        if response.status == 200, let tag = response.value(of: "ETag"),
            EntityTag.isKnown(tag, to: head?.headers["If-None-Match"])
        {
            response.status = 304
            response.body = []
        }
        if response.value(of: "Cache-Control") == nil { response.set("Cache-Control", "no-store") }
        if let wait = appliedWait { response.add("Preference-Applied", wait) }
        response.set("X-Request-Id", requestID)
        response.set("X-Content-Type-Options", "nosniff")
        return response
    }

    /// A caller that asked to wait longer than it may is told how long it is.
    private var appliedWait: String? {
        guard let head, head.headers.contains("Prefer"), head.query?.contains("wait=") != true,
            let wait = Preferences(head).wait, head.path.hasSuffix("/events") || head.path == "/v1/sessions"
        else { return nil }
        return "wait=\(wait)"
    }
}
