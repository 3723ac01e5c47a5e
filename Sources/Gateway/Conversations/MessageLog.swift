import DequeModule
import MSNP
import Storage

/// The messages that a session has sent: those that wait for their outcome, and the last ones that have it.
struct MessageLog: Sendable {
    private var messages: [OutgoingMessageID: SentMessage] = [:]
    /// Those that have their outcome, in the order in which it came: what was asked for last is what is asked about.
    private var settled: Deque<(id: OutgoingMessageID, uptime: Duration)> = []
    /// Bytes of their texts.
    private var settledBytes = 0
    /// Bytes of all texts that are kept.
    private(set) var bytes = 0
    /// Those whose outcome nobody has been told of yet.
    private var news: [SentMessage] = []
    private(set) var lastNumber: UInt64 = 0
    /// How many ever got their outcome.
    private var settledCount: UInt64 = 0
    /// What the store has not had, with the place of each outcome among all; nil where nothing outlives the process.
    private var unsaved: [OutgoingMessageID: Place]?

    private struct Place: Sendable {
        var settled: UInt64?
    }

    init() {}

    /// Those that were kept, with the last number that none is given any more.
    init(_ stored: [StoredMessage], lastNumber: UInt64, uptime: Duration) {
        self.lastNumber = lastNumber
        for record in stored.sorted(by: { ($0.settled ?? 0) < ($1.settled ?? 0) }) {
            guard let message = try? SentMessage(record) else { continue }
            messages[message.id] = message
            bytes += message.size
            guard let place = record.settled else { continue }
            settledCount = max(settledCount, place)
            settled.append((message.id, uptime))
            settledBytes += message.size
        }
    }

    subscript(_ id: OutgoingMessageID) -> SentMessage? { messages[id] }

    /// A number for a message, sent or received, that no other has.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Notes a message that is about to be handed to the client.
    mutating func register(_ draft: MessageDraft, at now: Timestamp) -> SentMessage {
        let message = SentMessage(id: OutgoingMessageID(rawValue: nextNumber()), draft: draft, sentAt: now)
        messages[message.id] = message
        bytes += message.size
        return message
    }

    /// The client has not taken it after all.
    mutating func withdraw(_ id: OutgoingMessageID) {
        guard let message = messages[id], message.delivery == .pending else { return }
        messages[id] = nil
        bytes -= message.size
        if message.conversation != nil { mark(id) }
    }

    /// The client has taken it; nil when that is not news.
    mutating func send(_ id: OutgoingMessageID, in conversation: ConversationID, at now: Timestamp) -> SentMessage? {
        guard let known = messages[id], known.conversation == nil else { return nil }
        messages[id]?.conversation = conversation
        messages[id]?.sentAt = now
        mark(id)
        return messages[id]
    }

    /// The event of that number tells that it was sent.
    mutating func tell(_ id: OutgoingMessageID, as sequence: UInt64) { messages[id]?.told = sequence }

    /// It goes out in another conversation than was thought.
    mutating func move(_ id: OutgoingMessageID, to conversation: ConversationID) {
        guard messages[id]?.delivery == .pending else { return }
        messages[id]?.conversation = conversation
        mark(id)
    }

    /// Its outcome is known; nil when that is not news.
    mutating func settle(_ id: OutgoingMessageID, _ delivery: Delivery, at uptime: Duration) -> SentMessage? {
        guard var message = messages[id], message.conversation != nil, message.delivery == .pending else { return nil }
        message.delivery = delivery
        messages[id] = message
        news.append(message)
        settled.append((id, uptime))
        settledBytes += message.size
        settledCount += 1
        unsaved?[id] = Place(settled: settledCount)
        while settled.count > MessagingLimits.settledMessages
            || settledBytes > MessagingLimits.settledBytes && settled.count > 1
        {
            _ = dropFirst()
        }
        return message
    }

    // MARK: - Making room

    /// The uptime at which the first of those that are kept got its outcome.
    var oldestUptime: Duration? { settled.first?.uptime }

    /// Forgets those that got their outcome up to an uptime (nil: whenever) until so many bytes are free; how many are.
    mutating func drop(through uptime: Duration?, freeing wanted: Int) -> Int {
        var freed = 0
        while freed < wanted, let first = settled.first, uptime.map({ first.uptime <= $0 }) ?? true {
            freed += dropFirst()
        }
        return freed
    }

    /// Forgets all of them, as the session has ended.
    ///
    /// What the store has of them goes with the session.
    mutating func forget() {
        messages = [:]
        settled = []
        settledBytes = 0
        bytes = 0
    }

    private mutating func dropFirst() -> Int {
        guard let first = settled.popFirst(), let message = messages.removeValue(forKey: first.id) else { return 0 }
        settledBytes -= message.size
        bytes -= message.size
        mark(first.id)
        return message.size
    }

    // MARK: - What outlives the process

    /// From now on what changes is noted; all that is there already is news to the store.
    mutating func beginSaving() {
        var unsaved: [OutgoingMessageID: Place] = [:]
        for id in pending { unsaved[id] = Place() }
        let before = settledCount - UInt64(settled.count)
        for (index, entry) in settled.enumerated() { unsaved[entry.id] = Place(settled: before + UInt64(index) + 1) }
        self.unsaved = unsaved
    }

    /// From now on what changes is noted; the store has all that is there.
    mutating func goOnSaving() { unsaved = [:] }

    /// What the store has not had, which it has now.
    mutating func takeUnsaved(of session: SessionID) -> [RecordChange] {
        guard let unsaved, !unsaved.isEmpty else { return [] }
        self.unsaved = [:]
        return unsaved.map { id, place in
            guard let message = messages[id], message.conversation != nil else {
                return .remove(RecordKey(StoredMessage.table, [.text(session.text), StoredValue(id.rawValue)]))
            }
            return .put(message.stored(of: session, settled: place.settled))
        }
    }

    private mutating func mark(_ id: OutgoingMessageID) { unsaved?[id] = Place() }

    // MARK: - Outcomes

    /// Those that were sent and wait for their outcome, in the order in which they were sent.
    var pending: [OutgoingMessageID] {
        messages.values.filter { $0.delivery == .pending && $0.conversation != nil }.map(\.id)
            .sorted { $0.rawValue < $1.rawValue }
    }

    /// Those whose outcome has become known since this was asked last.
    mutating func takeNews() -> [SentMessage] {
        defer { news = [] }
        return news
    }
}
