import ByteText
import HTTPFront

/// A request that passed every check, as an endpoint sees it.
struct Call: Sendable {
    let head: RequestHead
    let known: KnownRequest
    let query: QueryParameters
    let decision: Authorizer.Decision
    /// Empty where there is none.
    let body: [UInt8]
    /// The right to act once, of a call with an `Idempotency-Key`.
    var act: IdempotencyTicket?

    var caller: Caller { decision.caller }

    /// The session that the call is about.
    var session: Session? { decision.session }

    /// The media type that was agreed on; empty where there is none to agree on.
    var mediaType: String { known.mediaType ?? "" }

    /// The session that the path names and the credentials open.
    ///
    /// Endpoints that call it are reached only with one.
    var openedSession: Session {
        guard let session else { preconditionFailure("an endpoint of a session was reached without one") }
        return session
    }

    /// A path variable; the route that led here has it.
    func parameter(_ name: String) -> String {
        guard let value = known.parameters[name] else { preconditionFailure("the route has no variable \(name)") }
        return String(value)
    }

    /// The trace that the request is part of, to be sent on by what it causes; nil where it has none.
    var traceParent: TraceParent? { TraceParent(of: head) }

    var preferences: Preferences { known.preferences }
}
