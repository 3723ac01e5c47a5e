import HTTPFront
import Logging

/// What every answer to one request shares.
struct Context: Sendable {
    let head: RequestHead?
    let requestID: String
    let logger: Logger
    /// Seconds of `Prefer: wait`, where they were honoured: a caller that asked for more than it may have is told.
    var appliedWait: Int?

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
        if let appliedWait, response.value(of: "Preference-Applied") == nil, !(400..<500).contains(response.status) {
            response.set("Preference-Applied", "wait=\(appliedWait)")
        }
        response.set("X-Request-Id", requestID)
        response.set("X-Content-Type-Options", "nosniff")
        return response
    }
}
