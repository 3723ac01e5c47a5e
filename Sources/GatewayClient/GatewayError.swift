/// Why a call has no answer that can be used.
///
/// None has a secret in it: neither credentials nor passwords nor what a call sent.
public enum GatewayError: Error, Equatable, Sendable {
    /// The gateway's own word (RFC 9457).
    case problem(Problem)
    /// There was no connection, so nothing was done.
    case unreachable(String)
    /// The connection was lost before the answer's end: whether anything was done is not known.
    case connectionLost
    /// The time was over before the answer's end: whether anything was done is not known.
    case timedOut
    /// Nobody vouches for the other side, or it speaks no TLS that is safe; nothing was said to it.
    case notTrusted(String)
    /// What came is no answer of a gateway: a proxy's page, say. The status is 0 where there was none.
    case invalidAnswer(status: Int, String)
    /// The answer is longer than `ClientOptions.longestAnswer`.
    case answerTooLong
    /// What was asked for can't be asked for; nothing was sent.
    case invalidRequest(String)
    /// The session has ended, by what no waiting would help with.
    case sessionEnded(Word<SessionReason>?)
    /// Nothing can be sent by this process: libcurl is missing.
    case unavailable(String)
    /// The task was cancelled, and the request with it.
    case cancelled
}

extension GatewayError {
    /// Whether it may pass by itself, so that the same call may be made again later.
    ///
    /// Whether that does again what was done already is another question: `Outbox` and calls that are repeatable have an answer.
    public var mayPass: Bool {
        switch self {
        case .problem(let problem):
            problem.status >= 500 && problem.code != .known(.notSupportedByBackend) || problem.status == 429
                || problem.code == .known(.idempotencyInProgress)
        case .unreachable, .connectionLost, .timedOut: true
        // A proxy that has nobody behind it, or an answer that was cut and is no JSON any more.
        case .invalidAnswer(let status, _): status >= 500 || status < 300
        case .notTrusted, .answerTooLong, .invalidRequest, .sessionEnded, .unavailable, .cancelled: false
        }
    }

    /// The gateway's own word; nil where there is none.
    public var problem: Problem? { if case .problem(let problem) = self { problem } else { nil } }

    /// How long the gateway wants to be left alone; nil where it did not say.
    public var retryAfter: Duration? { problem?.retryAfter }
}

extension GatewayError: CustomStringConvertible {
    /// In one line, for a person.
    public var description: String {
        switch self {
        case .problem(let problem): "\(problem)"
        case .unreachable(let reason): "the gateway can't be reached: \(reason)"
        case .connectionLost: "the connection to the gateway was lost before its answer had come"
        case .timedOut: "the gateway has not answered in time"
        case .notTrusted(let reason): "the gateway is not trusted: \(reason)"
        case .invalidAnswer(0, let reason): "what answers is no gateway: \(reason)"
        case .invalidAnswer(let status, let reason): "what answers is no gateway: \(reason) (status \(status))"
        case .answerTooLong: "the answer is longer than may be"
        case .invalidRequest(let reason): reason
        case .sessionEnded(let reason): "the session has ended: \(reason?.text ?? "nobody knows why")"
        case .unavailable(let reason): "libcurl can't be used: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
