import DequeModule
import Locking
import MSNP
import MSNPClient

/// Facts about many people at once.
///
/// What grows with the number of contacts, which is the server's to choose, is done on the session's event loop beside the
/// record: nobody waits for it but this session. Under the lock, for which HTTP loops wait, the result is taken over whole,
/// and then what changed is written down a few facts at a time. The roster has no other writer than that loop, so none of
/// what it does is lost; who looks in between sees the new contacts ahead of the events that tell of them.
extension Session {
    /// All lists are there.
    func synchronize(_ lists: SynchronizedLists) {
        let known = state.withLock { $0.record.roster }
        var roster = known
        let changes = roster.apply(lists)
        environment.atLength(self)
        var isFirst = false
        change { record in if record.adopt(roster) { isFirst = record.noteSynchronized() } }
        if isFirst, environment.state != nil {
            inTurns(changes) { record, changes in record.note(changes) }
            change { $0.endNoting() }
        }
        tell(
            changes.filter { change in
                if case .contactRequested = change { return true }
                return !isFirst
            })
        // Each synchronisation says anew who waits (docs/protocol.md#requests).
        if roster.addPrompt == .ask { reviewRequests() }
    }

    /// Takes note of somebody who is there at the sign-in, where that is all there is to do; false where more follows from it.
    ///
    /// Dozens come one after the other, and of none is anybody told yet.
    func gather(_ fact: PresenceFact) -> Bool {
        let (isGathered, start) = state.withLock { state -> (Bool, Int?) in
            guard state.revival == nil, state.record.gather(fact) else { return (false, nil) }
            return (true, state.record.arrivals.beginWatch())
        }
        if let start { watchArrivals(from: start) }
        return isGathered
    }

    /// Tells who is there at the sign-in, once no more of them have come for a moment.
    func watchArrivals() {
        if let start = state.withLock({ $0.record.arrivals.beginWatch() }) { watchArrivals(from: start) }
    }

    private func watchArrivals(from start: Int) {
        owed.loop.after(GatewayLimits.coalescing) {
            guard self.state.withLock({ $0.record.arrivals.endWatch(start) }) else { return self.watchArrivals() }
            self.change { $0.tellArrivals(self.environment.clock.now) }
        }
    }

    /// Whoever was not announced on a new connection is not there.
    func settlePresence() {
        let known = state.withLock { $0.record.roster }
        // At the first sign-in nobody was there before.
        guard known.expectsPresence else { return }
        var roster = known
        let changes = roster.settlePresence()
        environment.atLength(self)
        change { _ = $0.adopt(roster) }
        tell(changes)
    }

    /// Looks at everybody who waits for an answer: people are asked about, or let in without asking.
    ///
    /// Whoever waits already is treated as whoever comes next: the rule is about the lists, not about when they changed.
    func reviewRequests() {
        let (roster, requests) = state.withLock { ($0.record.roster, $0.record.requests) }
        let pending = roster.pending
        environment.atLength(self)
        switch roster.addPrompt {
        case .ask:
            change { $0.letInLater([]) }
            inTurns(pending) { record, contacts in record.announce(contacts, self.environment.clock.now) }
        case .allowSilently:
            let waiting = requests.lettingIn(pending)
            change { $0.letInLater(waiting) }
        }
    }

    private func tell(_ changes: [RosterChange]) {
        inTurns(changes) { record, changes in record.tell(changes, self.environment.clock.now) }
    }

    private func inTurns<Fact>(_ facts: [Fact], _ body: (inout SessionRecord, ArraySlice<Fact>) -> Void) {
        var rest = facts[...]
        while !rest.isEmpty {
            let turn = rest.prefix(GatewayLimits.factsInTurn)
            rest = rest.dropFirst(turn.count)
            change { body(&$0, turn) }
            environment.atLength(self)
        }
    }
}
