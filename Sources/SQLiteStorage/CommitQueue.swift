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
    }

    private struct State: Sendable {
        var work: [Work] = []
        /// Bytes of events that are not written, those in the writer's hands among them.
        var bytes = 0
        var bytesOfSession: [SessionID: Int] = [:]
        /// Those that were told so.
        var full: Set<SessionID> = []
        var health = StoreHealth.good
        var isClosed = false
    }

    private let state = Locked(State())
    private let bell = Doorbell()
    private let mostPerSession: Int
    private let most: Int

    init(mostPerSession: Int, most: Int) {
        self.mostPerSession = mostPerSession
        self.most = most
    }

    // MARK: - Handing in

    /// Takes events of a session and changes in, which the writer gets together.
    func take(_ events: some Sequence<Event>, _ changes: Changes?, of session: SessionID) -> AppendOutcome {
        let (outcome, mustRing) = state.withLock { state -> (AppendOutcome, Bool) in
            guard !state.isClosed else { return (.refused, false) }
            let wasEmpty = state.work.isEmpty
            var bytes = 0
            for event in events {
                state.work.append(.event(event))
                bytes += event.size
            }
            if let changes { state.work.append(.changes(changes)) }
            let mustRing = wasEmpty && !state.work.isEmpty
            guard bytes > 0 else { return (.taken, mustRing) }
            state.bytes += bytes
            let waiting = state.bytesOfSession[session, default: 0] + bytes
            state.bytesOfSession[session] = waiting
            guard waiting > mostPerSession || state.bytes > most else { return (.taken, mustRing) }
            state.full.insert(session)
            return (.takenAndFull, mustRing)
        }
        if mustRing { bell.ring() }
        return outcome
    }

    /// Takes changes in, or says at once why not.
    func add(_ changes: Changes) {
        let (error, isFirst) = state.withLock { state -> (StoreError?, Bool) in
            guard !state.isClosed else { return (.closed, false) }
            if changes.patience == .orNothing, case .failing(let reason) = state.health {
                return (.unavailable(reason), false)
            }
            state.work.append(.changes(changes))
            return (nil, state.work.count == 1)
        }
        if let error { changes.done?(error) } else if isFirst { bell.ring() }
    }

    /// Takes in nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    var health: StoreHealth { state.withLock { $0.health } }

    // MARK: - The writer's side

    /// What has come; waits for it, and returns nothing only when nothing came for so long or it was closed.
    func take(atMost duration: Duration) -> [Work] {
        func taken() -> [Work] {
            state.withLock { state in
                defer { state.work = [] }
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

    /// Those events are written; the sessions that have room again.
    func wrote(_ events: [Event]) -> [SessionID] {
        state.withLock { state in
            for event in events {
                state.bytes -= event.size
                let left = state.bytesOfSession[event.session, default: 0] - event.size
                state.bytesOfSession[event.session] = left > 0 ? left : nil
            }
            // Half, or a session would be stopped and let go on with each event.
            guard !state.full.isEmpty, state.bytes <= most / 2 else { return [] }
            let relieved = state.full.filter { state.bytesOfSession[$0, default: 0] <= mostPerSession / 2 }
            state.full.subtract(relieved)
            return Array(relieved)
        }
    }

    /// Notes whether the writer can write; true where that is news.
    func become(_ health: StoreHealth) -> Bool {
        state.withLock { state in
            defer { state.health = health }
            return state.health != health
        }
    }
}

extension [CommitQueue.Work] {
    /// Lets go of changes of records that later ones replace, which nobody can tell where all are written in one transaction.
    ///
    /// So what waits while nothing can be written grows with the records that change, and not with how often they do.
    mutating func dropReplaced() {
        var seen: Set<RecordKey> = []
        var kept: [CommitQueue.Work] = []
        for work in reversed() {
            guard case .changes(let all) = work else {
                kept.append(work)
                continue
            }
            let changes = all.changes.reversed().filter { change in
                switch change {
                case .put(let record): seen.insert(record.key).inserted
                case .remove(let key): seen.insert(key).inserted
                case .removeSession: true
                }
            }
            // Whoever waits is told, whatever is left of its changes.
            guard !changes.isEmpty || all.done != nil else { continue }
            kept.append(
                .changes(
                    CommitQueue.Changes(changes: changes.reversed(), patience: all.patience, done: all.done)))
        }
        self = kept.reversed()
    }
}
