import HTTPFront

/// A problem as it is sent.
struct ProblemDocument: Encodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let instance: String
    let code: String
    let requestId: String
    let errors: [Problem.MemberError]?
    let msnp: Problem.MSNPError?
    let reason: String?
    let missed: UInt64?
    let oldest: String?
    let snapshot: String?

    init(_ problem: Problem, instance: String, requestID: String) {
        type = "/docs/problems#\(problem.code.rawValue)"
        title = problem.code.title
        status = problem.code.status
        detail = problem.detail
        self.instance = instance
        code = problem.code.rawValue
        requestId = requestID
        errors = problem.errors.isEmpty ? nil : problem.errors
        msnp = problem.msnp
        reason = problem.reason
        missed = problem.missed
        oldest = problem.oldest
        snapshot = problem.snapshot
    }
}

extension Problem {
    /// The answer that says it.
    func response(instance: String, requestID: String) -> Response {
        let document = ProblemDocument(self, instance: instance, requestID: requestID)
        var response = Response(status: code.status, body: JSONText.encode(document))
        response.set("Content-Type", "application/problem+json")
        if let retryAfter { response.set("Retry-After", String(retryAfter)) }
        if let allow { response.set("Allow", allow) }
        if isReplayed { response.set("Idempotency-Replayed", "true") }
        if code == .unauthorized { response.set("WWW-Authenticate", "Bearer") }
        return response
    }
}
