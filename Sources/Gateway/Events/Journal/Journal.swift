import DequeModule
import Storage

/// A session's events in order, the oldest dropped when there are too many.
///
/// Reading never removes. A reader whose position is no longer kept is told how many events it missed. Where events outlive
/// the process, readers look no further than what is written, and the store has what memory no longer holds: that is a short
/// tail, `JournalLimits.tail`.
struct Journal: Sendable {
    /// Bytes by which an event may be longer than the one before and still lie in one piece of memory of its own, or shorter
    /// and still be kept there: what a number more or another status takes.
    private static let slack = 8

    /// An event as it is kept: its place says its number.
    private struct Entry: Sendable {
        let type: EventType
        let uptime: Duration
        let text: EventText
    }

    let epoch: String
    private let sessionID: String
    private let limits: JournalLimits
    /// Counts what is dropped because of them.
    private let outdated: Tally?
    /// Those up to `head`, without a hole.
    private var entries: Deque<Entry> = []
    /// Bytes of all events that are kept.
    private(set) var bytes = 0
    /// The sequence number of the event appended last; 0 before the first.
    private(set) var head: UInt64 = 0
    /// The last that was handed to the store and the last that was written, and where both are; nil where nothing outlives
    /// the process.
    private var kept: (handed: UInt64, written: UInt64, archive: JournalArchive)?

    /// - Parameter archive: where what readers may see has to be written first.
    init(
        sessionID: String, epoch: String, limits: JournalLimits, outdated: Tally? = nil,
        archive: JournalArchive? = nil
    ) {
        // What memory lets go is not gone then.
        self.outdated = archive == nil ? outdated : nil
        kept = archive.map { (0, 0, $0) }
        self.sessionID = sessionID
        self.epoch = epoch
        self.limits = archive == nil ? limits : limits.ofTail
    }

    /// The position after everything so far: it may leave the process once that is written.
    ///
    /// What is not to be written yet has no position: of it nobody knows.
    var cursor: Cursor { Cursor(epoch: epoch, sequence: kept.map { max($0.handed, $0.written) } ?? head) }

    /// The position for somebody who is told what events of these types tell: that after everything so far, or the last
    /// that is written where the events in between tell him nothing.
    func cursor(telling types: EventType.Set) -> Cursor {
        unwrittenTypes.isDisjoint(with: types) ? Cursor(epoch: epoch, sequence: written) : cursor
    }

    /// The types of the events that readers may not see yet.
    var unwrittenTypes: EventType.Set {
        guard written < head else { return [] }
        return entries.suffix(Int(head - written)).reduce(into: []) { $0.insert(EventType.Set($1.type)) }
    }

    /// The number up to which readers may look.
    var written: UInt64 { kept?.written ?? head }

    /// The position before the first event that is still kept.
    var oldest: Cursor { Cursor(epoch: epoch, sequence: kept.map { min($0.archive.oldest, start) } ?? start) }

    /// The position before the first event that memory holds.
    var start: UInt64 { head - UInt64(entries.count) }

    /// Appends an event; old ones may be dropped for it.
    ///
    /// - Parameters:
    ///   - time: what it shows.
    ///   - uptime: what its age is measured by.
    mutating func append<Kind: EventKind>(_ event: Kind, at time: Timestamp, uptime: Duration) {
        head += 1
        let type = EventType(Kind.self)
        // One event is mostly as long as the one before, and then its bytes are kept where they were written.
        var json = JSONWriter(capacity: entries.last.map { $0.text.count + Self.slack } ?? 512)
        json.object { json in
            json.member("data", event)
            // The position after the event itself, whatever of it is written.
            json.member("id", Cursor(epoch: epoch, sequence: head))
            json.member("seq", head)
            json.member("sessionId", sessionID)
            json.member("time", time)
            json.member("type", type.rawValue)
        }
        // What the event of its type before it has too is kept once. Here and not in a function: a writer that is passed on is copied.
        let shared = event.repeated.flatMap { part in
            entries.last { $0.type == type }.flatMap { EventText(json.bytes, sharing: part, with: $0.text) }
        }
        let text = shared ?? EventText(json.kept(wasting: 3 * Self.slack))
        entries.append(Entry(type: type, uptime: uptime, text: text))
        bytes += text.count
        dropOld(now: uptime)
    }

    /// Drops what is too old; called before each read, as time passes without events too.
    mutating func dropOld(now: Duration) {
        let oldest = now - .seconds(limits.age)
        // What is not written is nowhere else.
        while let first = entries.first, entries.count > 1 || first.uptime < oldest, start < written {
            guard
                limits.events > 0 && entries.count > limits.events
                    || limits.bytes > 0 && bytes > limits.bytes
                    || limits.age > 0 && first.uptime < oldest
            else { return }
            bytes -= first.text.count
            entries.removeFirst()
            outdated?.add()
        }
    }

    /// The uptime at which the oldest event that can be dropped happened.
    var oldestUptime: Duration? { start < written ? entries.first?.uptime : nil }

    /// Drops events up to an uptime (nil: whatever theirs) until so many bytes are free; how many bytes and events.
    mutating func drop(through uptime: Duration?, freeing wanted: Int) -> (bytes: Int, events: Int) {
        var freed = (bytes: 0, events: 0)
        while freed.bytes < wanted, let first = entries.first, uptime.map({ first.uptime <= $0 }) ?? true,
            start < written
        {
            entries.removeFirst()
            freed.bytes += first.text.count
            freed.events += 1
        }
        bytes -= freed.bytes
        return freed
    }

    /// The sequence number after which a reader goes on; throws 410 `cursor-expired` where events are gone.
    func resolve(_ position: ReadPosition) throws(Problem) -> UInt64 {
        switch position {
        case .now: return written
        case .oldest: return max(oldest.sequence, archive?.lastGap ?? 0)
        case .after(let cursor):
            guard cursor.epoch == epoch else {
                throw expired(
                    missed: nil, "The cursor is not from this journal: the gateway or the session began anew.")
            }
            guard cursor.sequence <= written else {
                throw expired(missed: nil, "The cursor is ahead of the last event, so it was never given to anybody.")
            }
            // The store is asked only for what memory does not hold.
            guard cursor.sequence >= start || cursor.sequence >= oldest.sequence else {
                throw expired(
                    missed: oldest.sequence - cursor.sequence, "The events after the cursor are no longer kept.")
            }
            return cursor.sequence
        }
    }

    /// Whatever memory holds that matches after a position, at most `limit` events and about so many bytes.
    func read(after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int = .max) -> JournalPage {
        var (page, left) = (JournalPage(next: Cursor(epoch: epoch, sequence: max(position, start))), bytes)
        while page.next.sequence < written, let entry = entry(page.next.sequence + 1) {
            if filter.matches(entry.type) {
                guard page.items.count < limit, left > 0 else {
                    page.more = true
                    return page
                }
                page.items.append(Reading.Item(number: entry.sequence, entry: entry))
                left -= entry.size
            }
            page.next.sequence = entry.sequence
        }
        return page
    }

    /// The types of all events after a number that readers may see; nil where memory no longer holds some.
    func types(after sequence: UInt64) -> EventType.Set? {
        guard sequence >= start else { return nil }
        return entries.suffix(Int(head - sequence)).prefix(Int(written - sequence))
            .reduce(into: []) { $0.insert(EventType.Set($1.type)) }
    }

    /// The event of that number; nil when memory does not hold it.
    func entry(_ sequence: UInt64) -> JournalEntry? {
        guard sequence > start, sequence <= head else { return nil }
        let entry = entries[Int(sequence - start) - 1]
        return JournalEntry(sequence: sequence, type: entry.type, uptime: entry.uptime, text: entry.text)
    }

    // MARK: - What outlives the process

    /// The events that the store has not had, which it has now; with the number of the first.
    mutating func hand() -> (first: UInt64, [EncodedEvent]) {
        guard let handed = kept?.handed, handed < head else { return (head + 1, []) }
        kept?.handed = head
        return (
            handed + 1,
            entries.suffix(Int(head - handed)).map { EncodedEvent(type: $0.type.rawValue, json: $0.text.bytes) }
        )
    }

    /// Takes up what another process has left: events up to `last`, which the store has.
    mutating func resume(through last: UInt64) {
        head = last
        kept?.handed = last
        kept?.written = last
    }

    /// What of it is in the store; nil where nothing outlives the process.
    var archive: JournalArchive? { kept?.archive }

    /// Whether the store has the event of that number, or may have it.
    func isInStore(_ sequence: UInt64) -> Bool {
        kept.map { sequence <= $0.written && $0.archive.oldest < sequence } ?? false
    }

    /// Whether all is written.
    var isWritten: Bool { written == head }

    /// The store has written events up to that number.
    mutating func wrote(through sequence: UInt64) {
        guard let before = kept?.written, before < sequence else { return }
        kept?.written = sequence
    }

    private func expired(missed: UInt64?, _ detail: String) -> Problem {
        var problem = Problem(.cursorExpired, detail)
        problem.missed = missed
        problem.oldest = oldest.text
        return problem
    }
}
