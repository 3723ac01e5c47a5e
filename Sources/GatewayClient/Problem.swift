/// A gateway's own word on why it did not do something (RFC 9457, `application/problem+json`).
public struct Problem: Error, Decodable, Equatable, Sendable {
    /// The HTTP status.
    public let status: Int
    /// What programs go by.
    public let code: Word<ProblemCode>
    /// The kind of problem, for a person.
    public let title: String
    /// This occurrence, for a person; never with a secret.
    public let detail: String
    /// By which the operator finds the call in the gateway's log.
    public let requestID: String
    /// What the MSN server said, where it refused; nil otherwise.
    public let msnp: ServerError?
    /// What is wrong with which members of the body; empty where the body is not the matter.
    public let errors: [MemberError]
    /// Of `sessionEnded`, of a sign-in that was not let through, and of messages: why; nil otherwise.
    public let reason: String?
    /// Characters (Unicode scalars) of a message that arrived before the rest failed; nil where that is not the matter.
    public let partial: Int?
    /// Of `cursorExpired`: how many events are no longer kept; nil where nobody knows.
    public let missed: Int?
    /// Of `cursorExpired`: the position before the oldest event that is kept; nil otherwise.
    public let oldest: Cursor?
    /// How long to wait before asking again; nil where the gateway does not say.
    public internal(set) var retryAfter: Duration?
    /// Whether it is what came of a call before, under the same key: then something may have been done.
    public internal(set) var isReplayed = false

    /// What an MSN server answered.
    public struct ServerError: Decodable, Equatable, Sendable {
        /// The protocol's number.
        public let code: Int
        public let name: String
        /// The command that it answered.
        public let command: String
    }

    /// What is wrong with a member of a body.
    public struct MemberError: Decodable, Equatable, Sendable {
        /// Where it is (RFC 6901).
        public let pointer: String
        public let detail: String
    }

    private enum CodingKeys: String, CodingKey {
        case status, code, title, detail, msnp, errors, reason, partial, missed, oldest
        case requestID = "requestId"
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        status = try members.decode(Int.self, forKey: .status)
        code = try members.decode(Word<ProblemCode>.self, forKey: .code)
        title = try members.decodeIfPresent(String.self, forKey: .title) ?? ""
        detail = try members.decodeIfPresent(String.self, forKey: .detail) ?? ""
        requestID = try members.decodeIfPresent(String.self, forKey: .requestID) ?? ""
        msnp = try members.decodeIfPresent(ServerError.self, forKey: .msnp)
        errors = try members.decodeIfPresent([MemberError].self, forKey: .errors) ?? []
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        partial = try members.decodeIfPresent(Int.self, forKey: .partial)
        missed = try members.decodeIfPresent(Int.self, forKey: .missed)
        oldest = try members.decodeIfPresent(Cursor.self, forKey: .oldest)
    }
}

extension Problem: CustomStringConvertible {
    /// `contact-offline: Bob is offline.`, and what is wrong with which members.
    public var description: String {
        let parts = errors.map { "\($0.pointer) \($0.detail)" }
        return "\(code.text): \(detail)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))")
    }
}

/// The codes of problems that are known here.
public enum ProblemCode: String, Sendable, CaseIterable {
    case invalidRequest = "invalid-request"
    case invalidCursor = "invalid-cursor"
    case unknownBackend = "unknown-backend"
    case unauthorized
    case signInRefused = "sign-in-refused"
    case signInClosed = "sign-in-closed"
    case crossOrigin = "cross-origin"
    case notFound = "not-found"
    case contactNotFound = "contact-not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case sessionEnded = "session-ended"
    case contactOffline = "contact-offline"
    case appearingOffline = "appearing-offline"
    case displayNameLocked = "display-name-locked"
    case displayNameRefused = "display-name-refused"
    case listFull = "list-full"
    case serviceUnavailable = "service-unavailable"
    case serviceUnavailableInDialect = "service-unavailable-in-dialect"
    case loginHostNotAllowed = "login-host-not-allowed"
    case idempotencyInProgress = "idempotency-in-progress"
    case outcomeUnknown = "outcome-unknown"
    case secretNotKept = "secret-not-kept"
    case cursorExpired = "cursor-expired"
    case preconditionFailed = "precondition-failed"
    case bodyTooLarge = "body-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case misdirectedHost = "misdirected-host"
    case idempotencyMismatch = "idempotency-mismatch"
    case rateLimited = "rate-limited"
    case webhooksUnavailable = "webhooks-unavailable"
    case notSupportedByBackend = "not-supported-by-backend"
    case backendUnreachable = "backend-unreachable"
    case backendError = "backend-error"
    case backendProtocolError = "backend-protocol-error"
    case messageNotDelivered = "message-not-delivered"
    case backendBusy = "backend-busy"
    case reconnecting
    case gatewayFull = "gateway-full"
    case shuttingDown = "shutting-down"
    case stateUnavailable = "state-unavailable"
    case backendTimeout = "backend-timeout"
    case internalError = "internal-error"
}
