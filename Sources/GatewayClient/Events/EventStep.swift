/// What a loop over events has to say.
public enum EventStep: Equatable, Sendable {
    /// All that is known, where the loop began with that, and after each gap then.
    case snapshot(Snapshot)
    case event(Event)
    /// Events were no longer kept when the loop came for them: so many of all types, or nil where nobody knows. It goes on with
    /// the oldest that is kept, or with a snapshot.
    case gap(missed: Int?)
    /// The gateway has no answer, and the loop waits; said once, until it has.
    case interrupted(GatewayError)
    /// The gateway has answered again; nothing that it keeps is missed.
    case resumed
}
