import DequeModule
import HeapModule

/// Which events are kept, and where each is: 16 bytes in memory for an event, so that the store needs no index of its own.
///
/// Rows in order of arrival without an index are a quarter of the work, and a fourteenth of the bytes written, of rows with
/// one on session and number.
package struct JournalIndex: Sendable {
    /// One event.
    package struct Entry: Equatable, Sendable {
        /// Its number in the store; 0 for one that can't be read.
        package let position: UInt64
        let size: UInt32
        /// Of the store's own clock.
        let second: UInt32

        /// Seconds since it came.
        package func age(at now: UInt32) -> Int { max(0, Int(now) - Int(second)) }
    }

    /// The events of one session.
    private struct Journal: Sendable {
        /// The number of the last event, kept or not.
        var head: UInt64 = 0
        /// Those up to `head` that are kept, without a hole.
        var entries: Deque<Entry> = []
        var bytes = 0
        /// Where the last one stood that was let go; 0 before the first.
        var gone: UInt64 = 0
        /// Numbers up to there were passed over where no event has them.
        var passed: UInt64 = 0
        var oldest: UInt64 { head - UInt64(entries.count) }

        mutating func popFirst() -> Entry? {
            guard let first = entries.popFirst() else { return nil }
            bytes -= Int(first.size)
            gone = max(gone, first.position)
            return first
        }

        /// Takes an event in; how many numbers before it can't be read, and of how many of these that is no loss, whether it is
        /// the first that is kept, and what it has grown by; nil for a number that was there already.
        mutating func append(
            _ seq: UInt64, _ entry: Entry
        ) -> (hole: UInt64, passed: UInt64, isFirst: Bool, growth: Int)? {
            guard seq > head else { return nil }
            let (before, isFirst, last) = (bytes, entries.isEmpty, head)
            // What lies before the first that is kept is gone, and not missing.
            let hole = entries.isEmpty ? 0 : seq - head - 1
            if hole > JournalIndex.widestHole {
                self = Journal(gone: gone, passed: passed)
            } else {
                for _ in 0..<hole { entries.append(Entry(position: 0, size: 0, second: entry.second)) }
            }
            entries.append(entry)
            bytes += Int(entry.size)
            head = seq
            // Those before it that were written down later lie between events, and are lost.
            let isPassed = hole > 0 && passed > last && passed < seq
            return (hole, isPassed ? passed - last : 0, isFirst, bytes - before)
        }

        /// Moves on to a number without an event; how many events before it can't be read.
        mutating func setHead(_ seq: UInt64) -> Int {
            guard head < seq else { return 0 }
            let hole = seq - head
            guard let last = entries.last, hole <= JournalIndex.widestHole else {
                self = Journal(head: seq, gone: gone, passed: passed)
                return 0
            }
            for _ in 0..<hole { entries.append(Entry(position: 0, size: 0, second: last.second)) }
            head = seq
            return Int(hole)
        }

        /// Lets go what is beyond the limits.
        mutating func dropExcess(_ retention: Retention, now: UInt32) -> [UInt64] {
            var dropped: [UInt64] = []
            while let first = entries.first {
                let isTooMany = retention.events > 0 && entries.count > retention.events
                // The last one stays whatever its size, or nobody would ever see it.
                let isTooMuch = retention.bytes > 0 && bytes > retention.bytes && entries.count > 1
                let isTooOld = retention.age > 0 && first.age(at: now) >= retention.age
                guard isTooMany || isTooMuch || isTooOld, let gone = popFirst() else { break }
                if gone.position > 0 { dropped.append(gone.position) }
            }
            return dropped
        }
    }

    private var journals: [SessionID: Journal] = [:]
    /// Bytes of all events.
    package private(set) var bytes = 0
    /// Of the event that came last, kept or not.
    package private(set) var lastPosition: UInt64 = 0
    /// Events that can't be read although they should be there.
    package private(set) var damaged = 0
    /// Numbers that no event has, as one that was lost may have had them.
    package private(set) var passedOver = 0
    /// Events that were let go: of sessions that had too many, and for others.
    package private(set) var dropped = (outdated: 0, forOthers: 0)

    /// More numbers than this that are missing in a row are no damage that is filled up: the journal begins anew behind them.
    private static let widestHole: UInt64 = 100_000

    package init() {}

    /// The sessions with a journal.
    package var sessions: [SessionID] { Array(journals.keys) }

    /// The sessions of which no event is kept, with the number of the last that they had.
    package var emptied: [(SessionID, UInt64)] {
        journals.filter { $0.value.entries.isEmpty && $0.value.head > 0 }.map { ($0.key, $0.value.head) }
    }

    /// Where the last event of each session stood that was let go; of sessions that are removed nothing is known.
    package var lastGone: [EventPlace] {
        journals.compactMap { session, journal in
            journal.gone == 0 ? nil : EventPlace(session: session, seq: journal.oldest, position: journal.gone)
        }
    }

    /// Events that are kept.
    package var count: Int { journals.values.reduce(0) { $0 + $1.entries.count } }

    /// Takes an event in; false for a number that the session has had already.
    ///
    /// Numbers that were left out are events that can't be read.
    @discardableResult
    package mutating func append(
        _ seq: UInt64, position: UInt64, size: Int, second: UInt32, of session: SessionID
    ) -> Bool {
        take(seq, position: position, size: size, second: second, of: session) != nil
    }

    /// The same; how many numbers before it can't be read, and whether it is the first of its session that is kept, or nil.
    package mutating func take(
        _ seq: UInt64, position: UInt64, size: Int, second: UInt32, of session: SessionID
    ) -> (hole: UInt64, isFirst: Bool)? {
        notePosition(position)
        let entry = Entry(position: position, size: UInt32(clamping: size), second: second)
        // In its place: a copy would be one of the whole queue. And looked up once, as a start does this for each event.
        guard let (hole, passed, isFirst, growth) = journals[session, default: Journal()].append(seq, entry) else {
            return nil
        }
        let known = min(passed, Self.widestHole)
        passedOver += Int(known)
        damaged += Int(min(hole, Self.widestHole) - known)
        bytes += growth
        return (hole, isFirst)
    }

    /// Positions up to there were given, whatever of their events is kept.
    package mutating func notePosition(_ position: UInt64) { lastPosition = max(lastPosition, position) }

    /// A session's numbers go on behind that one, whatever of its events is kept.
    ///
    /// Those between its last event and there are passed over, unless they are known to be of lost events.
    package mutating func setHead(_ seq: UInt64, of session: SessionID, isLoss: Bool = false) {
        let before = journals[session]?.bytes ?? 0
        let hole = journals[session, default: Journal()].setHead(seq)
        if isLoss { damaged += hole } else { passedOver += hole }
        bytes += (journals[session]?.bytes ?? 0) - before
    }

    /// Of a session's numbers up to that one those without an event were passed over, which is known before its events are.
    package mutating func setPassed(_ seq: UInt64, of session: SessionID) {
        if seq > 0 { journals[session, default: Journal()].passed = seq }
    }

    /// Where a session's last event stands that can be read; 0 where there is none.
    package func lastPosition(of session: SessionID) -> UInt64 {
        journals[session]?.entries.last { $0.position > 0 }?.position ?? 0
    }

    /// Events of a session up to that position were let go.
    package mutating func setGone(_ position: UInt64, of session: SessionID) {
        guard position > 0 else { return }
        journals[session, default: Journal()].gone = max(position, journals[session]?.gone ?? 0)
    }

    /// Which of a session's events are kept, without what is too old by now.
    package func span(of session: SessionID, _ retention: Retention? = nil, now: UInt32 = 0) -> JournalSpan {
        guard let journal = journals[session] else { return JournalSpan(oldest: 0, head: 0, bytes: 0) }
        var span = JournalSpan(oldest: journal.oldest, head: journal.head, bytes: journal.bytes)
        guard let age = retention?.age, age > 0 else { return span }
        for entry in journal.entries {
            guard entry.age(at: now) >= age else { break }
            span.oldest += 1
            span.bytes -= Int(entry.size)
        }
        return span
    }

    /// Seconds since the last event of a session that is kept; nil where none is.
    package func age(of session: SessionID, now: UInt32) -> Int? { journals[session]?.entries.last?.age(at: now) }

    /// Numbers and entries behind a number: at most `limit`, and about so many bytes, but one if there is one.
    package func entries(
        of session: SessionID, after seq: UInt64, limit: Int, bytes: Int
    ) -> [(seq: UInt64, entry: Entry)] {
        guard let journal = journals[session] else { return [] }
        var (found, left) = ([(seq: UInt64, entry: Entry)](), bytes)
        guard seq < journal.head else { return [] }
        for offset in Int(max(seq, journal.oldest) - journal.oldest)..<journal.entries.count {
            guard found.isEmpty || (found.count < limit && left > 0) else { break }
            let entry = journal.entries[offset]
            found.append((journal.oldest + UInt64(offset) + 1, entry))
            left -= Int(entry.size)
        }
        return found
    }

    /// Where all events stand, in the order in which they were written.
    package func places() -> [EventPlace] {
        journals.flatMap { session, journal in
            journal.entries.enumerated().compactMap { offset, entry in
                guard entry.position > 0 else { return nil }
                return EventPlace(
                    session: session, seq: journal.oldest + UInt64(offset) + 1, position: entry.position)
            }
        }.sorted { $0.position < $1.position }
    }

    /// Whether a session has an event of that number, read or not.
    package func keeps(_ place: EventPlace) -> Bool {
        guard let journal = journals[place.session] else { return false }
        return place.seq > journal.oldest && place.seq <= journal.head
    }

    // MARK: - Letting go

    /// Lets go what a session has beyond its limits; the positions of that.
    package mutating func dropExcess(of session: SessionID, _ retention: Retention, now: UInt32) -> [UInt64] {
        let (before, oldest) = (journals[session]?.bytes ?? 0, journals[session]?.oldest ?? 0)
        let positions = journals[session]?.dropExcess(retention, now: now) ?? []
        bytes += (journals[session]?.bytes ?? 0) - before
        dropped.outdated += Int((journals[session]?.oldest ?? 0) - oldest)
        return positions
    }

    /// Lets go the oldest of all until all have no more than so many bytes; the positions of that.
    package mutating func dropOldest(downTo wanted: Int) -> [UInt64] {
        guard bytes > wanted else { return [] }
        var heap = Heap(journals.compactMap { session, journal in Oldest(journal.entries.first, session) })
        var positions: [UInt64] = []
        while bytes > wanted, let oldest = heap.popMin() {
            guard let gone = journals[oldest.session]?.popFirst() else { continue }
            bytes -= Int(gone.size)
            dropped.forOthers += 1
            if gone.position > 0 { positions.append(gone.position) }
            if let next = Oldest(journals[oldest.session]?.entries.first, oldest.session) { heap.insert(next) }
        }
        return positions
    }

    /// Forgets a session; the positions of its events.
    package mutating func remove(_ session: SessionID) -> [UInt64] {
        guard let journal = journals.removeValue(forKey: session) else { return [] }
        bytes -= journal.bytes
        return journal.entries.map(\.position).filter { $0 > 0 }
    }

    /// The first event of a session, ordered by when it came.
    private struct Oldest: Comparable {
        let position: UInt64
        let session: SessionID

        init?(_ entry: Entry?, _ session: SessionID) {
            guard let entry else { return nil }
            position = entry.position
            self.session = session
        }

        static func < (left: Self, right: Self) -> Bool { left.position < right.position }

        static func == (left: Self, right: Self) -> Bool { left.position == right.position }
    }
}
