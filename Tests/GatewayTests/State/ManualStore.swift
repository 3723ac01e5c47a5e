import Dispatch
import Locking
import Storage

/// A store that writes when a test says so, and that a process can lose without having written.
final class ManualStore: Store {
    private enum Work: Sendable {
        case events([EncodedEvent], from: UInt64, session: SessionID, changes: [RecordChange])
        case changes(
            [RecordChange], _ patience: Patience = .untilWritten, done: (@Sendable (StoreError?) -> Void)?)
    }

    private struct State: Sendable {
        var work: [Work] = []
        /// Writes at once.
        var isPrompt = false
        var health = StoreHealth.good
        var isLost = false
        /// Events are not read until `read`.
        var holdsReads = false
        var readers: [CheckedContinuation<Void, Never>] = []
        var failsReads = false
        /// Sequence numbers of events that can't be read.
        var damaged: Set<UInt64> = []
    }

    /// What is on the disk.
    let disk: MemoryStore
    private let state = Locked(State())
    private let tenure = Tenure()
    /// The store's thread: whoever hands something in holds a lock.
    private let writer = DispatchQueue(label: "manual store")

    /// - Parameter disk: what a process before this has written.
    init(on disk: MemoryStore = MemoryStore()) { self.disk = disk }

    var outlivesProcess: Bool { true }
    var health: StoreHealth { state.withLock { $0.health } }
    /// Whether somebody waits for something to be written.
    var isAwaited: Bool {
        state.withLock { state in
            state.work.contains { work in
                if case .changes(_, _, done: _?) = work { true } else { false }
            }
        }
    }

    func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void) {}

    /// The disk is full, or there is room again.
    ///
    /// What was to be written or not to happen is refused then; the rest waits.
    func become(_ health: StoreHealth) {
        let refused = state.withLock { state -> [@Sendable (StoreError?) -> Void] in
            state.health = health
            guard health != .good else { return [] }
            var refused: [@Sendable (StoreError?) -> Void] = []
            state.work.removeAll { work in
                guard case .changes(_, .orNothing, let done?) = work else { return false }
                refused.append(done)
                return true
            }
            return refused
        }
        for done in refused { done(.unavailable("the disk is full")) }
        if health == .good, state.withLock({ $0.isPrompt }) { write() }
    }

    /// Writes what waits, and from then on at once.
    func writePromptly() {
        state.withLock { $0.isPrompt = true }
        write()
    }

    /// Writes nothing any more until `write`.
    func holdBack() { state.withLock { $0.isPrompt = false } }

    /// Writes what waits.
    func write() { writer.sync { writeWaiting() } }

    private func writeWaiting() {
        let work = state.withLock { state in
            defer { state.work = [] }
            return state.work
        }
        for work in work { write(work) }
    }

    /// What waits is written, and the process ends before it hears of that: it hears that the store has closed, as it must
    /// not wait for ever, and can write nothing any more.
    func writeAndLose() {
        let work = state.withLock { state in
            state.isLost = true
            defer { state.work = [] }
            return state.work
        }
        for item in work {
            switch item {
            case .changes(let changes, _, let done):
                write(.changes(changes, done: nil))
                done?(.closed)
            case .events: write(item)
            }
        }
    }

    /// The process ends here: what waits is never written.
    func lose() {
        let work = state.withLock { state in
            state.isLost = true
            defer { state.work = [] }
            return state.work
        }
        for case .changes(_, _, let done?) in work { done(.closed) }
    }

    private func write(_ work: Work) {
        switch work {
        case .events(let events, let seq, let session, let changes):
            _ = disk.take(events, from: seq, of: session, with: changes, under: tenure)
        case .changes(let changes, _, let done):
            disk.note(changes, under: tenure)
            done?(nil)
        }
    }

    private func add(_ work: Work) {
        let (isLost, mustWrite) = state.withLock { state in
            if !state.isLost { state.work.append(work) }
            return (state.isLost, state.isPrompt && state.health == .good)
        }
        if isLost, case .changes(_, _, let done?) = work { done(.closed) }
        if !isLost, mustWrite { writer.async { self.writeWaiting() } }
    }

    func take(
        _ events: [EncodedEvent], from seq: UInt64, of session: SessionID, with changes: [RecordChange],
        under tenure: Tenure
    ) -> AppendOutcome {
        add(.events(events, from: seq, session: session, changes: changes))
        return .taken
    }

    func note(_ changes: [RecordChange], under tenure: Tenure?) { add(.changes(changes, done: nil)) }

    func commit(_ changes: [RecordChange], under tenure: Tenure?, _ patience: Patience) async throws(StoreError) {
        if patience == .orNothing, health != .good { throw .unavailable("the disk is full") }
        let error = await withCheckedContinuation { continuation in
            add(.changes(changes, patience) { continuation.resume(returning: $0) })
        }
        if let error { throw error }
    }

    func onCommit(_ body: @escaping @Sendable (Committed) -> Void) { disk.onCommit(body) }

    func span(of session: SessionID) -> JournalSpan { disk.span(of: session) }

    var lastPosition: UInt64 { disk.lastPosition }

    func places() -> [EventPlace] { disk.places() }

    func lastGone() -> [EventPlace] { disk.lastGone() }

    var journals: [SessionID] { disk.journals }

    func age(of session: SessionID) -> Int? { disk.age(of: session) }

    var tally: JournalTally { disk.tally }

    // MARK: - Reading

    /// Events are read when `read` says so.
    func holdReads() { state.withLock { $0.holdsReads = true } }

    /// How many wait for events.
    var readers: Int { state.withLock { $0.readers.count } }

    /// Reads for those who wait, and from now on at once.
    func read() {
        let readers = state.withLock { state in
            state.holdsReads = false
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.resume() }
    }

    /// The disk can't be read.
    func failReads() { state.withLock { $0.failsReads = true } }

    /// Events of these numbers can't be read, whichever session's they are.
    func damage(_ numbers: Set<UInt64>) { state.withLock { $0.damaged = numbers } }

    /// Returns when reading may go on; the numbers that can't be read.
    private func awaitReading() async throws(StoreError) -> Set<UInt64> {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.holdsReads { state.readers.append(continuation) }
                return state.holdsReads
            }
            if !isHeld { continuation.resume() }
        }
        if state.withLock({ $0.failsReads }) { throw .unavailable("the disk fails") }
        return state.withLock { $0.damaged }
    }

    func read(_ session: SessionID, after seq: UInt64, limit: Int, bytes: Int) async throws(StoreError) -> StoredPage {
        let damaged = try await awaitReading()
        var page = try await disk.read(session, after: seq, limit: limit, bytes: bytes)
        page.events.removeAll { damaged.contains($0.seq) }
        return page
    }

    func read(_ places: [EventPlace]) async throws(StoreError) -> [EncodedEvent?] {
        let damaged = try await awaitReading()
        let events = try await disk.read(places)
        return zip(places, events).map { damaged.contains($0.seq) ? nil : $1 }
    }

    func retain(_ retention: Retention) { disk.retain(retention) }

    func rows<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> RecordRows<Record> { try await disk.rows(kind, of: session) }

    func close() async {}
}
