import ByteText
import HTTPFront

/// A request that passed every check, as an endpoint sees it.
struct Call: Sendable {
    let head: RequestHead
    /// The path's variables, decoded.
    let parameters: PathParameters
    let query: QueryParameters
    /// The media type that was agreed on.
    let mediaType: String
    let caller: Caller
    /// The session that the call is about.
    let session: Session?
    /// Empty where there is none.
    let body: [UInt8]
    /// The right to act once, of a call with an `Idempotency-Key`.
    var act: IdempotencyTicket?

    /// The session that the path names and the credentials open.
    ///
    /// Endpoints that call it are reached only with one.
    var openedSession: Session {
        guard let session else { preconditionFailure("an endpoint of a session was reached without one") }
        return session
    }

    /// A path variable; the route that led here has it.
    func parameter(_ name: String) -> String {
        guard let value = parameters[name] else { preconditionFailure("the route has no variable \(name)") }
        return String(value)
    }

    /// The trace that the request is part of, to be sent on by what it causes; nil where it has none.
    var traceParent: TraceParent? { TraceParent(of: head) }

    var preferences: Preferences { Preferences(head) }
}
