import MSNP

/// Presence that the server has told in answer to the sign-in, one contact after the other, until it is told on together.
///
/// Nothing says how many there are, or that these were all (docs/protocol.md#own-status): they are together until
/// something else comes, nothing comes for a moment, or there are as many as one event holds. That these were all is told
/// by itself, after a longer silence (`FlowTimeouts.presenceSilence`).
struct Arrivals: Sendable {
    /// How far the telling is.
    enum Naming: Sendable {
        /// More may come.
        case expected
        /// The connection was lost before its end: those who are there are named once more before that is told.
        case interrupted
        /// It was told that these were all.
        case complete
    }

    /// What the server said of one contact.
    struct Fact: Sendable {
        let presence: Presence
        let handle: String
        let name: String
    }

    private(set) var facts: [Fact] = []
    /// Bytes of their names and handles.
    private var bytes = 0
    /// How many there ever were.
    private var noted = 0
    /// Somebody looks soon whether more came.
    private var isWatched = false

    /// Whether they can't wait for more.
    var isFull: Bool {
        facts.count >= PresenceInitialEvent.mostContacts || bytes >= PresenceInitialEvent.mostBytes
    }

    mutating func note(_ fact: Fact) {
        facts.append(fact)
        bytes += fact.handle.utf8.count + fact.name.utf8.count
        noted += 1
    }

    /// Gives them to be told.
    mutating func take() -> [Fact] {
        defer { (facts, bytes) = ([], 0) }
        return facts
    }

    /// Begins to wait for more; nil when there is nothing that waits, or somebody looks already.
    mutating func beginWatch() -> Int? {
        guard !facts.isEmpty, !isWatched else { return nil }
        isWatched = true
        return noted
    }

    /// Ends what `beginWatch` began; whether nothing came since.
    mutating func endWatch(_ start: Int) -> Bool {
        isWatched = false
        return noted == start
    }
}

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
