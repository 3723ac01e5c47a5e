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
