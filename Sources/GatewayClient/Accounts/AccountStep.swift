/// What an account that stays signed in has to say.
public enum AccountStep: Sendable {
    /// There is a session: the one of before, or another.
    case signedIn(RemoteSession)
    /// Something happened, in that session.
    case event(Event, RemoteSession)
    /// Something may have been missed.
    case gap(AccountGap)
    /// The gateway has no answer, and the loop waits; said once, until it has.
    case interrupted(GatewayError)
    /// The gateway has answered again.
    case resumed
}

/// Why something may have been missed; its description is a line for a person.
public enum AccountGap: Equatable, Sendable {
    /// So many events were no longer kept; nil where nobody knows how many.
    case expired(missed: Int?)
    /// The gateway does not know the session any more, and with it went what nobody had read.
    case sessionLost
    /// The session lost its server, and with it what was on its way; it comes back by itself.
    case serverLost(Word<SessionReason>?)
    /// The session has ended by what passes, and everything in it was told; there will be another.
    case sessionEnded(Word<SessionReason>?)
}

extension AccountGap: CustomStringConvertible {
    public var description: String {
        switch self {
        case .expired(let missed): "\(missed.map(String.init) ?? "nobody knows how many") events are no longer kept"
        case .sessionLost: "the session was lost, and with it what nobody had read"
        case .serverLost(let reason):
            "the server was lost (\(reason?.text ?? "nobody knows why")), and with it what was on its way"
        case .sessionEnded(let reason):
            "the session has ended (\(reason?.text ?? "nobody knows why")), and with it what was on its way"
        }
    }
}
