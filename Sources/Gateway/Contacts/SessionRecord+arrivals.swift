import MSNP

/// Who is there when the session signs in.
extension SessionRecord {
    /// What is told from here.
    static let arrivalKinds: [any EventKind.Type] = [PresenceInitialEvent.self]

    /// Takes note of somebody whom the server names in answer to the sign-in.
    mutating func note(_ fact: Arrivals.Fact, _ now: Timestamp) {
        arrivals.note(fact)
        // More are on their way.
        if arrivals.isFull { tellArrivals(now) }
    }

    /// Applies what was noted to the roster, and tells it: another name as an update, who is there with all the others.
    mutating func tellArrivals(_ now: Timestamp) {
        let facts = arrivals.take()
        guard !hasEnded, !facts.isEmpty else { return }
        var before: [HandleKey: Presence] = [:]
        var order: [HandleKey] = []
        for fact in facts {
            let changes = roster.apply(fact.presence, of: fact.handle, name: fact.name)
            for change in changes {
                guard case .presenceChanged(_, let previous) = change else { continue }
                let key = Handle.fold(fact.handle)
                guard before[key] == nil else { continue }
                before[key] = previous
                order.append(key)
            }
            record(
                changes.filter { change in if case .presenceChanged = change { false } else { true } }, now)
        }
        let come = order.compactMap { key in roster.contact(key).flatMap { $0.presence == before[key] ? nil : $0 } }
        guard !come.isEmpty else { return }
        rosterRevision += 1
        for event in PresenceInitialEvent.events(come.map(resource)) { append(event, now) }
    }

    /// Names those who are there, some of them already named over a connection that was lost.
    mutating func nameAgain(_ contacts: some Sequence<Contact>, _ now: Timestamp) {
        guard !hasEnded else { return }
        for event in PresenceInitialEvent.events(contacts.map(resource)) { append(event, now) }
    }

    /// Tells, once for the session, that everybody who is there has been named.
    mutating func completeArrivals(_ now: Timestamp) {
        guard naming != .complete else { return }
        naming = .complete
        append(PresenceInitialEvent.end, now)
    }
}
