/// The events of sessions, each with its number.
package protocol JournalStore: Sendable {
    /// Takes events in that follow each other, and what is to be written with them, and never waits; one commit, of which
    /// `onCommit` tells, writes all of it.
    ///
    /// Numbers of one session follow each other without a hole. Any thread may call, for one session one at a time.
    func take(
        _ events: [EncodedEvent], from seq: UInt64, of session: SessionID, with changes: [RecordChange],
        under tenure: Tenure
    ) -> AppendOutcome

    /// Calls back after each commit, on a thread of the store, in order, and before whoever waits for records of it.
    ///
    /// Whoever has the store says so once, before the first event.
    func onCommit(_ body: @escaping @Sendable (Committed) -> Void)

    /// Which events of a session are written and kept, as of the last commit.
    func span(of session: SessionID) -> JournalSpan

    /// The position of the event that was written last, kept or not; 0 before the first.
    var lastPosition: UInt64 { get }

    /// Where the events of all sessions stand in the store's order, which is the order of feeds.
    func places() -> [EventPlace]

    /// Where the last event of each session stood that was let go; of sessions that were removed nothing is known.
    func lastGone() -> [EventPlace]

    /// The sessions that have a journal.
    var journals: [SessionID] { get }

    /// Seconds for which the store was open since the last event of a session came; nil where none is kept.
    func age(of session: SessionID) -> Int?

    /// What is kept, and what was let go or can't be read, since the store was opened.
    var tally: JournalTally { get }

    /// Written events behind a number: at most `limit` of them, and about so many bytes, but one if there is one.
    func read(_ session: SessionID, after seq: UInt64, limit: Int, bytes: Int) async throws(StoreError) -> StoredPage

    /// The events that stand there, in that order; nil for what was let go meanwhile or can't be read.
    func read(_ places: [EventPlace]) async throws(StoreError) -> [EncodedEvent?]

    /// How much is kept; whatever is beyond it goes in the background.
    func retain(_ retention: Retention)
}

extension JournalStore {
    /// Takes one event in.
    package func append(
        _ event: EncodedEvent, seq: UInt64, of session: SessionID, under tenure: Tenure
    ) -> AppendOutcome {
        take([event], from: seq, of: session, with: [], under: tenure)
    }
}

/// An event as it is kept: encoded once and never looked into.
package struct EncodedEvent: Equatable, Sendable {
    package let type: String
    /// The whole event as its readers get it.
    package let json: [UInt8]

    package init(type: String, json: [UInt8]) {
        self.type = type
        self.json = json
    }
}

/// What a store said to an event.
package enum AppendOutcome: Equatable, Sendable {
    case taken
    /// It is taken, and as much waits to be written as may wait: nothing more is to be read from that server until a
    /// commit says that the session is relieved.
    case takenAndFull
    /// The shard is another process's, or the store is closed: nobody is ever to see the event.
    case refused
}

/// What a commit wrote.
package struct Committed: Sendable {
    /// In the store's order.
    package var events: [EventPlace] = []
    /// Sessions that were told that they are full and have room again.
    package var relieved: [SessionID] = []

    package init(events: [EventPlace] = [], relieved: [SessionID] = []) {
        self.events = events
        self.relieved = relieved
    }
}

/// Where an event stands.
package struct EventPlace: Equatable, Sendable {
    package let session: SessionID
    /// Its number in its session; 1 for the first.
    package let seq: UInt64
    /// Its number in the store: larger for what came later, never given twice, and not without holes.
    package let position: UInt64

    package init(session: SessionID, seq: UInt64, position: UInt64) {
        self.session = session
        self.seq = seq
        self.position = position
    }
}

/// The events of a session that are written and kept.
package struct JournalSpan: Equatable, Sendable {
    /// The number before the first that is kept.
    package var oldest: UInt64
    /// The number of the last that was written, kept or not; 0 before the first.
    package var head: UInt64
    /// Bytes of the events that are kept.
    package var bytes: Int

    package init(oldest: UInt64, head: UInt64, bytes: Int) {
        self.oldest = oldest
        self.head = head
        self.bytes = bytes
    }
}

/// An event that was written.
package struct StoredEvent: Equatable, Sendable {
    /// Its number in its session.
    package let seq: UInt64
    package let event: EncodedEvent
    /// Seconds for which the store was open since then; no clock of a wall counts.
    package let age: Int

    package init(seq: UInt64, event: EncodedEvent, age: Int) {
        self.seq = seq
        self.event = event
        self.age = age
    }
}

/// What a read brought.
package struct StoredPage: Equatable, Sendable {
    /// By number; what is damaged is left out.
    package var events: [StoredEvent]
    /// Everything up to this number was looked at.
    package var through: UInt64
    /// Numbers among those of which no event can be read.
    package var damaged: Int

    package init(events: [StoredEvent] = [], through: UInt64, damaged: Int = 0) {
        self.events = events
        self.through = through
        self.damaged = damaged
    }
}

/// What a store counts of its events.
package struct JournalTally: Equatable, Sendable {
    /// Of all that are kept.
    package var bytes = 0
    /// Let go as their session had too many, too much or too old ones.
    package var outdated = 0
    /// Let go as all together had too much.
    package var forOthers = 0
    /// Those that should be there and can't be read.
    package var damaged = 0

    package init() {}

    /// What an index knows.
    package init(_ index: JournalIndex) {
        (bytes, damaged) = (index.bytes, index.damaged)
        (outdated, forOthers) = index.dropped
    }
}

/// How much of the past is kept; 0 switches a limit off.
package struct Retention: Equatable, Sendable {
    /// Events of one session.
    package var events = 4_096
    /// Bytes of one session's events.
    package var bytes = 1 << 20
    /// Seconds for which the store was open: what happened while it was closed made nothing older.
    package var age = 24 * 60 * 60
    /// Bytes of all events.
    package var totalBytes = 256 << 20

    package init() {}
}
