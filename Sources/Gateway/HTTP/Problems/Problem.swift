import MSNP

/// A refusal, on its way to becoming a problem document (RFC 9457).
struct Problem: Error, Sendable, Equatable {
    /// A member of the body and what is wrong with it.
    struct MemberError: JSONObject, Sendable, Equatable {
        /// RFC 6901; empty for the body as a whole.
        let pointer: String
        let detail: String

        func writeMembers(to json: inout JSONWriter) {
            json.member("detail", detail)
            json.member("pointer", pointer)
        }
    }

    /// The server's own error behind it.
    struct MSNPError: JSONObject, Sendable, Equatable {
        let code: Int
        let name: String
        let command: String

        init(_ code: ErrorCode, command: String) {
            let entry = ErrorCatalogue.entry(for: code)
            self.code = Int(code.rawValue)
            name = entry?.name ?? entry?.laterName ?? entry?.summary ?? "unknown"
            self.command = command
        }

        func writeMembers(to json: inout JSONWriter) {
            json.member("code", code)
            json.member("command", command)
            json.member("name", name)
        }
    }

    var code: ProblemCode
    /// About this occurrence; never a secret, and nothing that a caller sent.
    var detail: String
    /// At most `MemberFaults.most`.
    var errors: [MemberError] = []
    /// How many more there are than `errors` names.
    var moreErrors = 0
    var msnp: MSNPError?
    /// The reason of a session's end or reconnecting.
    var reason: String?
    /// Of a message some of which went out: how many Unicode scalars of its text arrived.
    var partial: Int?
    /// Seconds, for `Retry-After`.
    var retryAfter: Int?
    /// Those that the refusal is about, for `RateLimit` and `RateLimit-Policy`.
    var limits: [ServiceLimit] = []
    /// For `Allow`.
    var allow: String?
    /// Whether `Accept-Encoding: identity` says what a body may be (RFC 9110, 15.5.16).
    var takesNoCoding = false
    /// How many events are gone; nil when unknowable.
    var missed: UInt64?
    /// The cursor where the events still kept begin.
    var oldest: String?
    /// Where the state can be read anew.
    var snapshot: String?

    /// Whether a byte of what acts (`MSG`, `PAG`, `SDC`, `SND`) may have reached the server all the same.
    var mayHaveActed = false

    /// Whether it is the answer to an earlier request with the same `Idempotency-Key`.
    var isReplayed = false

    init(_ code: ProblemCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// The server's refusal of one operation.
    init(_ code: ProblemCode, _ detail: String, _ error: ErrorCode, command: String) {
        self.init(code, detail)
        msnp = MSNPError(error, command: command)
    }
}
