import HTTPFront

/// A problem as it is sent.
struct ProblemDocument: JSONObject {
    /// Bytes of the path that `instance` repeats: the API's own paths with the longest account fit twice over.
    static let longestInstance = 512
    /// Bytes of `detail`: the gateway's own words have half of it at most, and a server's may be among them.
    static let longestDetail = 1024

    let type: String
    let title: String
    let status: Int
    let detail: String
    let instance: String
    let code: String
    let requestId: String
    let errors: [Problem.MemberError]?
    let moreErrors: Int?
    let msnp: Problem.MSNPError?
    let reason: String?
    let partial: Int?
    let missed: UInt64?
    let oldest: String?
    let snapshot: String?

    init(_ problem: Problem, instance: String, requestID: String) {
        type = "/docs/problems#\(problem.code.rawValue)"
        title = problem.code.title
        status = problem.code.status
        detail = Self.cut(problem.detail, to: Self.longestDetail)
        self.instance = Self.cut(instance, to: Self.longestInstance)
        code = problem.code.rawValue
        requestId = requestID
        errors = problem.errors.isEmpty ? nil : problem.errors
        moreErrors = problem.moreErrors > 0 ? problem.moreErrors : nil
        msnp = problem.msnp
        reason = problem.reason
        partial = problem.partial
        missed = problem.missed
        oldest = problem.oldest
        snapshot = problem.snapshot
    }

    /// As much of a text as has room, to be read by people.
    private static func cut(_ text: String, to size: Int) -> String {
        guard text.utf8.count > size else { return text }
        var room = size
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix { scalar in
                    room -= UTF8.width(scalar)
                    return room >= 0
                }))
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("code", code)
        json.member("detail", detail)
        json.member("errors", errors)
        json.member("instance", instance)
        json.member("missed", missed)
        json.member("moreErrors", moreErrors)
        json.member("msnp", msnp)
        json.member("oldest", oldest)
        json.member("partial", partial)
        json.member("reason", reason)
        json.member("requestId", requestId)
        json.member("snapshot", snapshot)
        json.member("status", status)
        json.member("title", title)
        json.member("type", type)
    }
}

extension Problem {
    /// The answer that says it.
    func response(instance: String, requestID: String) -> Response {
        let document = ProblemDocument(self, instance: instance, requestID: requestID)
        var response = Response(status: code.status, body: JSONWriter.bytes(of: document))
        response.set("Content-Type", "application/problem+json")
        if let retryAfter { response.set("Retry-After", String(retryAfter)) }
        if let allow { response.set("Allow", allow) }
        if takesNoCoding { response.set("Accept-Encoding", "identity") }
        if isReplayed { response.set("Idempotency-Replayed", "true") }
        if code == .unauthorized { response.set("WWW-Authenticate", "Bearer") }
        return response
    }
}
