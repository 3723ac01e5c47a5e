import Locking

/// What is made when it is needed.
extension Session {
    var outbox: Outbox { madeOutbox.get { Outbox() } }

    var edits: ContactEdits { madeEdits.get { ContactEdits() } }

    var traces: Traces { madeTraces.get { Traces(of: tap, clock: environment.clock) } }

    /// Whether somebody watches what its connections say.
    var isTraced: Bool { madeTraces.made?.isEmpty == false }
}
