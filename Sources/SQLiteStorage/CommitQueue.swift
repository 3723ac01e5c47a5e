import Locking
import Storage

/// What waits to be written, in the order in which it came.
///
/// Whoever hands something in takes a lock for the length of an append, and wakes the writer where it may be asleep.
final class CommitQueue: Sendable {
    /// An event, or changes of records.
    enum Work: Sendable {
        case event(Event)
        case changes(Changes)
    }

    struct Event: Sendable {
        let session: SessionID
        let seq: UInt64
        let event: EncodedEvent
        /// Of the store's clock.
        let second: UInt32

        /// Bytes that it is counted with: itself, and its place in queues.
        var size: Int { event.json.count + event.type.utf8.count + 64 }
    }

    struct Changes: Sendable {
        let changes: [RecordChange]
        let patience: Patience
        /// Told once what became of them; nil where nobody waits.
        let done: (@Sendable (StoreError?) -> Void)?
        /// Whom they are counted with; nil for what belongs to no session.
        let session: SessionID?
        /// Bytes that they are counted with: their values, and their places in queues.
        let size: Int

        init(changes: [RecordChange], patience: Patience, done: (@Sendable (StoreError?) -> Void)?) {
            self.changes = changes
            self.patience = patience
            self.done = done
            session = changes.first?.session
            size = Self.size(of: changes)
        }

        private init(_ all: Changes, _ changes: [RecordChange]) {
            (patience, done, session) = (all.patience, all.done, all.session)
            self.changes = changes
            size = Self.size(of: changes)
        }

        /// So much of them.
        func with(_ some: [RecordChange]) -> Changes { Changes(self, some) }

        private static func size(of changes: [RecordChange]) -> Int { changes.reduce(0) { $0 + $1.size } }
    }

    private struct State: Sendable {
        var work: [Work] = []
        /// How much of it there may be before that is looked for which later changes replace.
        var crowd = CommitQueue.smallCrowd
        /// Bytes of what is not written, in the writer's hands or not.
        var bytes = 0
        var bytesOfSession: [SessionID: Int] = [:]
        /// Those that were told so.
        var full: Set<SessionID> = []
        /// As the writer found it last.
        var health = StoreHealth.good
        /// What was told last.
        var told = StoreHealth.good
        /// Since when the disk has not answered the writer; nil while it asks nothing.
        var asked: Duration?
        var isClosed = false

        mutating func add(_ work: Work) {
            self.work.append(work)
            bytes += work.size
            if let session = work.session { bytesOfSession[session, default: 0] += work.size }
        }

        mutating func release(_ size: Int, of session: SessionID?) {
            bytes -= size
            guard let session else { return }
            let left = bytesOfSession[session, default: 0] - size
            bytesOfSession[session] = left > 0 ? left : nil
        }

        func health(at now: Duration) -> StoreHealth {
            guard health == .good, let asked, now - asked >= CommitQueue.patience else { return health }
            return .failing("the disk does not answer")
        }
    }

    private let state = Locked(State())
    private let bell = Doorbell()
    private let mostPerSession: Int
    private let most: Int
    private let uptime: @Sendable () -> Duration

    /// A disk that has not answered for so long is one that fails: nothing new is begun.
    static let patience = Duration.seconds(10)
    /// More than wait on any day, unless the disk does not answer.
    private static let smallCrowd = 4_096

    /// - Parameters:
    ///   - mostPerSession: bytes of one session that may wait before it is full.
    ///   - most: the same of all.
    init(mostPerSession: Int, most: Int, uptime: @escaping @Sendable () -> Duration) {
        self.mostPerSession = mostPerSession
        self.most = most
        self.uptime = uptime
    }

    // MARK: - Handing in

    /// Takes events of a session and changes in, which the writer gets together.
    func take(_ events: some Sequence<Event>, _ changes: Changes?, of session: SessionID) -> AppendOutcome {
        let (outcome, mustRing) = state.withLock { state -> (AppendOutcome, Bool) in
            guard !state.isClosed else { return (.refused, false) }
            let (wasEmpty, before) = (state.work.isEmpty, state.bytes)
            for event in events { state.add(.event(event)) }
            if let changes { state.add(.changes(changes)) }
            let mustRing = wasEmpty && !state.work.isEmpty
            guard state.bytes > before else { return (.taken, mustRing) }
            guard state.bytesOfSession[session, default: 0] > mostPerSession || state.bytes > most else {
                return (.taken, mustRing)
            }
            state.full.insert(session)
            return (.takenAndFull, mustRing)
        }
        if mustRing { bell.ring() }
        return outcome
    }

    /// Takes changes in, or says at once why not.
    func add(_ changes: Changes) {
        let now = uptime()
        let (error, isFirst) = state.withLock { state -> (StoreError?, Bool) in
            guard !state.isClosed else { return (.closed, false) }
            if changes.patience == .orNothing, case .failing(let reason) = state.health(at: now) {
                return (.unavailable(reason), false)
            }
            state.add(.changes(changes))
            let isFirst = state.work.count == 1
            if state.work.count > state.crowd {
                // The writer has taken nothing for long: what waits is not to grow with how often something changes.
                for (size, session) in state.work.dropReplaced() { state.release(size, of: session) }
                state.crowd = Swift.max(Self.smallCrowd, 2 * state.work.count)
            }
            return (nil, isFirst)
        }
        if let error { changes.done?(error) } else if isFirst { bell.ring() }
    }

    /// Takes in nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Bytes of what is not written.
    var bytes: Int { state.withLock { $0.bytes } }

    /// Whether what is handed in can be written now, and whether nobody was told of that yet.
    func look() -> (health: StoreHealth, isNews: Bool) {
        let now = uptime()
        return state.withLock { state in
            let health = state.health(at: now)
            defer { state.told = health }
            return (health, state.told != health)
        }
    }

    var health: StoreHealth {
        let now = uptime()
        return state.withLock { $0.health(at: now) }
    }

    // MARK: - The writer's side

    /// What has come; waits for it, and returns nothing only when nothing came for so long or it was closed.
    func take(atMost duration: Duration) -> [Work] {
        func taken() -> [Work] {
            state.withLock { state in
                defer { (state.work, state.crowd) = ([], Self.smallCrowd) }
                return state.work
            }
        }
        while true {
            let work = taken()
            guard work.isEmpty, !isClosed else { return work }
            // It may have rung for what was taken before.
            guard bell.wait(atMost: duration) else { return taken() }
        }
    }

    /// Waits for that long, or until it is closed.
    func pause(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        while !isClosed, case let left = end - ContinuousClock.now, left > .zero { bell.wait(atMost: left) }
    }

    /// That is written; the sessions that have room again.
    func wrote(_ work: [Work]) -> [SessionID] {
        state.withLock { state in
            for work in work { state.release(work.size, of: work.session) }
            // Half, or a session would be stopped and let go on with each event.
            guard !state.full.isEmpty, state.bytes <= most / 2 else { return [] }
            let relieved = state.full.filter { state.bytesOfSession[$0, default: 0] <= mostPerSession / 2 }
            state.full.subtract(relieved)
            return Array(relieved)
        }
    }

    /// So much of a session's will not be written.
    func release(_ size: Int, of session: SessionID?) { state.withLock { $0.release(size, of: session) } }

    /// The writer asks something of the disk that may take long, or has its answer.
    func ask(_ isAsking: Bool) {
        let now = isAsking ? uptime() : nil
        state.withLock { $0.asked = now }
    }

    /// Notes whether the writer can write; true where that is news.
    func become(_ health: StoreHealth) -> Bool {
        state.withLock { state in
            defer { (state.health, state.told) = (health, health) }
            return state.told != health
        }
    }
}
