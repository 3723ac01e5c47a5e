import MSNP

/// Presence that the server has told in answer to the sign-in, one contact after the other, until it is told on together.
///
/// Nothing says how many there are, or that these were all (docs/protocol.md#own-status): they are together until
/// something else comes, nothing comes for a moment, or there are as many as one event holds. That these are all is told
/// after a longer silence (`FlowTimeouts.presenceSilence`).
struct Arrivals: Sendable {
    /// How many there is room for at the first.
    private static let likelyFacts = 24

    private(set) var facts: [PresenceFact] = []
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

    /// Whether they can wait for more with one more of them.
    func hasRoom(for fact: PresenceFact) -> Bool {
        facts.count + 1 < PresenceInitialEvent.mostContacts
            && bytes + Self.size(of: fact) < PresenceInitialEvent.mostBytes
    }

    private static func size(of fact: PresenceFact) -> Int { fact.handle.utf8.count + fact.name.utf8.count }

    mutating func note(_ fact: PresenceFact) {
        // Half of a list of that time is there at once.
        if facts.isEmpty { facts.reserveCapacity(Self.likelyFacts) }
        facts.append(fact)
        bytes += Self.size(of: fact)
        noted += 1
    }

    /// Gives them to be told.
    mutating func take() -> [PresenceFact] {
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
    mutating func note(_ fact: PresenceFact, _ now: Timestamp) {
        arrivals.note(fact)
        // More are on their way.
        if arrivals.isFull { tellArrivals(now) }
    }

    /// Applies what was noted to the roster, and tells it: another name as an update, who is there with all the others.
    mutating func tellArrivals(_ now: Timestamp) {
        let facts = arrivals.take()
        guard !hasEnded, !facts.isEmpty else { return }
        let (come, others) = roster.apply(facts)
        record(others, now)
        guard !come.isEmpty else { return }
        rosterRevision += 1
        let book = contactBook
        for event in PresenceInitialEvent.events(come.lazy.map(book.resource)) { append(event, now) }
    }

    /// Names, once for the session, everybody who is there, so that whoever is not named is not.
    ///
    /// They are named once more, as an event says by itself what it says: a reader needs no other for it. Where they are too
    /// many for one event, nothing says it.
    mutating func completeArrivals(_ now: Timestamp) {
        guard !hasNamedAll else { return }
        hasNamedAll = true
        let book = contactBook
        if let event = PresenceInitialEvent.all(roster.present.lazy.map(book.resource)) { append(event, now) }
    }
}
