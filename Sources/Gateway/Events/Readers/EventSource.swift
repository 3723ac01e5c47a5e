import HTTPFront
import Loops
import Storage

/// Events with numbers in a row, which can be read from a position on: those of a session, or of all sessions of a key.
///
/// Who reads them, and how, is the same for both: `Readers`.
protocol EventSource: Owing {
    var readers: Readers { get }

    /// What refusals call it: "this session".
    var title: String { get }
    /// Polls that may wait at one time.
    var mostPolls: Int { get }
    /// Streams that may be open at one time.
    var mostStreams: Int { get }
    /// Where the state can be read anew by whoever missed events; nil where there is no such place.
    var snapshotPath: String? { get }

    /// A position as callers have it.
    func cursor(_ number: UInt64) -> Cursor

    /// The number after which a reader goes on; throws `Problem` 410 for a position that is none here, or whose events are gone.
    func resolve(_ position: ReadPosition) throws(Problem) -> UInt64

    /// Whatever matches after a position, at most `limit` events and about so many bytes.
    ///
    /// Any thread may ask, without any lock.
    ///
    /// - Parameter window: what was read from the store for this; what is not in there and not in memory is not looked for.
    func read(
        after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int, _ window: StoredWindow
    ) -> Reading

    /// What the store has after a position, for the next read there.
    ///
    /// It covers some numbers behind it, or what is there is gone. Throws `StoreError`.
    func fetch(after position: UInt64) async throws(StoreError) -> StoredWindow

    /// Where events and the positions of named readers outlive the process; nil where nothing does.
    var keeper: StateKeeper? { get }

    /// Whether what its cursors go by is not known to be written: the next process would refuse them.
    var isUnwritten: Bool { get }

    /// All that was handed to the store so far is written.
    func noteWritten()

    /// Somebody has read or waited here.
    func noteUse()

    /// Somebody begins to wait here.
    func noteWaiting()
}

extension EventSource {
    /// Reads events, now or when some come.
    ///
    /// Throws `Problem`: 410 when the position is no longer kept, 429 when too many polls wait here already.
    func poll(_ query: ReadQuery) throws(Problem) -> Answer { try readers.poll(query, of: self) }

    /// Streams events for as long as there can be any and somebody reads.
    ///
    /// Throws `Problem` 429 when too many streams are open here already.
    func stream(_ query: ReadQuery) throws(Problem) -> Answer { try readers.stream(query, of: self) }

    /// Whether what a reader commits can be written now, where it is written at all.
    var canWrite: Bool { keeper?.canWrite ?? true }

    /// How many more polls may wait here.
    var pollLimit: ServiceLimit { .concurrent(.polls, used: readers.polls, of: mostPolls) }

    /// How many more streams may be open here.
    var streamLimit: ServiceLimit { .concurrent(.streams, used: readers.streams, of: mostStreams) }

    func handOut(at now: MonotonicInstant, to deliveries: inout Deliveries) {
        readers.handOut(of: self, at: now, to: &deliveries)
    }

    /// Whatever memory holds after a position.
    func read(after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int) -> Reading {
        read(after: position, filter, limit: limit, bytes: bytes, .none)
    }

    /// Where a reader begins anew who asked for the oldest event and has nothing yet; nil where what comes next is still there.
    func oldest(insteadOf position: UInt64) -> UInt64? {
        guard case .gap = read(after: position, .everything, limit: 1, bytes: .max), let oldest = try? resolve(.oldest)
        else { return nil }
        return oldest > position ? oldest : nil
    }

    /// What a reader is told whose events are gone.
    func expired(missed: UInt64?, oldest: UInt64, _ detail: String) -> Problem {
        var problem = Problem(.cursorExpired, detail)
        problem.missed = missed
        problem.oldest = cursor(oldest).text
        problem.snapshot = snapshotPath
        return problem
    }
}

/// What one read of events brought.
enum Reading: Sendable {
    /// Events in order, up to `limit` or about so many bytes.
    ///
    /// `next` covers those that the filter left out, too; with `ended` none comes after it.
    case events([Item], next: UInt64, more: Bool, ended: Bool)
    /// The next events are gone: so many, where that can be known, and the position after the last of them.
    case gap(missed: UInt64?, oldest: UInt64)
    /// Events in order, and what comes behind `next` is in the store alone.
    case partly([Item], next: UInt64)

    struct Item: Sendable {
        let number: UInt64
        let entry: JournalEntry
    }

    /// Whether it tells a reader nothing that it does not know.
    var isNothing: Bool {
        if case .events(let items, _, false, false) = self { items.isEmpty } else { false }
    }

}

/// Who has news for those that wait: a session, or the feed of a key.
protocol Owing: AnyObject, Sendable {
    /// Answers and wakes whoever waits and has something coming.
    ///
    /// Called for each note in `Owed` once, at the end of a turn and without any lock.
    ///
    /// - Parameter now: the end of that turn, from which on what comes is joined for a while.
    func handOut(at now: MonotonicInstant, to deliveries: inout Deliveries)
}
