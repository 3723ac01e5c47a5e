import Dispatch
import Locking
import Storage

/// A store that writes when a test says so, and that a process can lose without having written.
final class ManualStore: Store {
    private enum Work: Sendable {
        case events([EncodedEvent], from: UInt64, session: SessionID, changes: [RecordChange])
        case changes([RecordChange], done: (@Sendable (StoreError?) -> Void)?)
    }

    private struct State: Sendable {
        var work: [Work] = []
        /// Writes at once.
        var isPrompt = false
        var health = StoreHealth.good
        var isLost = false
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
                if case .changes(_, done: _?) = work { true } else { false }
            }
        }
    }

    func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void) {}

    /// The disk is full, or there is room again.
    func become(_ health: StoreHealth) { state.withLock { $0.health = health } }

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

    /// What waits is written, and the process ends before it hears of that.
    func writeAndLose() {
        let work = state.withLock { state in
            state.isLost = true
            defer { state.work = [] }
            return state.work
        }
        for item in work {
            switch item {
            case .changes(let changes, _): write(.changes(changes, done: nil))
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
        for case .changes(_, let done?) in work { done(.closed) }
    }

    private func write(_ work: Work) {
        switch work {
        case .events(let events, let seq, let session, let changes):
            _ = disk.take(events, from: seq, of: session, with: changes, under: tenure)
        case .changes(let changes, let done):
            disk.note(changes, under: tenure)
            done?(nil)
        }
    }

    private func add(_ work: Work) {
        let (isLost, mustWrite) = state.withLock { state in
            if !state.isLost { state.work.append(work) }
            return (state.isLost, state.isPrompt && state.health == .good)
        }
        if isLost, case .changes(_, let done?) = work { done(.closed) }
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
        let error = await withCheckedContinuation { continuation in
            add(.changes(changes) { continuation.resume(returning: $0) })
        }
        if let error { throw error }
    }

    func onCommit(_ body: @escaping @Sendable (Committed) -> Void) { disk.onCommit(body) }

    func span(of session: SessionID) -> JournalSpan { disk.span(of: session) }

    var lastPosition: UInt64 { disk.lastPosition }

    func places() -> [EventPlace] { disk.places() }

    func read(_ session: SessionID, after seq: UInt64, limit: Int, bytes: Int) async throws(StoreError) -> StoredPage {
        try await disk.read(session, after: seq, limit: limit, bytes: bytes)
    }

    func retain(_ retention: Retention) { disk.retain(retention) }

    func load<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> [Record] { try await disk.load(kind, of: session) }

    func close() async {}
}
