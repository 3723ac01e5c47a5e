import DequeModule
import HTTPFront
import Locking
import Storage

/// The answers to requests with an `Idempotency-Key`, so that a request that comes again gets the same one.
///
/// They are in memory, and are forgotten with it unless there is a store that outlives the process. There a call is written
/// down before anything of it is done, and its answer before it is given: nothing under a key is ever done twice.
final class IdempotencyStore: Sendable {
    struct Limits: Sendable {
        /// Seconds for which an answer is kept: the longest that a client reasonably tries again.
        var age = 24 * 60 * 60
        /// Keys for each session; of those whose answer is there the oldest goes first.
        var keysPerSession = 1_000
        /// Bytes of a session's answers; its oldest go first.
        ///
        /// An answer to a usual message has some 1,000, so that all keys have theirs.
        var bytesPerSession = 1 << 20
        /// Bytes of all answers of all sessions; whoever has the most gives first.
        var bytes = 64 << 20
        /// Added to what an answer's own bytes are: scope, digest, and places in dictionaries and queues.
        static let overhead = 512
    }

    /// What came of a request, before it got the headers that each answer has of its own.
    typealias Outcome = Result<Response, Problem>

    enum Start: Sendable {
        /// It is the first: carry it out and tell the ticket what came of it.
        case first(IdempotencyTicket)
        /// The answer that the first one got.
        case replay(Outcome)
        /// The first one is not finished.
        case inProgress
        /// The first one had another body.
        case mismatch
        /// So many of the session are in progress that there is no room.
        case full
    }

    fileprivate struct Entry: Sendable {
        let number: UInt64
        /// Nil where nobody knows it any more: any is taken for it.
        let body: [UInt8]?
        /// Nil while it is in progress.
        var answer: Outcome?
        var bytes = 0
        /// As the store has it; nil before it was written.
        var stored: StoredCall?
    }

    /// Where a finished entry is in a queue; one whose entry has gone, or is another by now, is passed over.
    fileprivate struct Place: Sendable {
        let scope: IdempotencyScope
        let number: UInt64
        let finished: Duration
    }

    fileprivate struct Session: Sendable {
        var keys = 0
        var bytes = 0
        var finished: Deque<Place> = []
    }

    fileprivate struct State: Sendable {
        var entries: [IdempotencyScope: Entry] = [:]
        var sessions: [String: Session] = [:]
        /// In the order in which they finished.
        var finished: Deque<Place> = []
        var bytes = 0
        var made: UInt64 = 0
        /// Those that the store has to forget; nil where nothing outlives the process.
        var forgotten: [IdempotencyScope]?
    }

    /// Places of forgotten entries that a queue may hold before it is swept: beside these few, as many as there are others.
    fileprivate static let stalePlaces = 64

    private let limits: Limits
    private let clock: GatewayClock
    private let keeper: StateKeeper?
    private let state = Locked(State())

    init(limits: Limits = Limits(), clock: GatewayClock, keeper: StateKeeper? = nil) {
        self.limits = limits
        self.keeper = keeper
        if keeper != nil { state.withLock { $0.forgotten = [] } }
        self.clock = clock
    }

    /// Bytes of all answers that are kept.
    var bytes: Int { state.withLock { $0.bytes } }

    /// Keys that are remembered.
    var count: Int { state.withLock { $0.entries.count } }

    /// Places in all queues, those of entries that are gone among them.
    var queued: Int { state.withLock { $0.finished.count + $0.sessions.values.reduce(0) { $0 + $1.finished.count } } }

    /// What to do with a request; `body` is the digest of its body.
    func begin(_ scope: IdempotencyScope, body: [UInt8]) -> Start {
        let now = clock.uptime()
        return state.withLock { state in
            defer { noteForgotten(&state) }
            state.forget(finishedBefore: now - .seconds(limits.age))
            if let known = state.entries[scope] {
                guard known.body.map({ $0 == body }) ?? true else { return .mismatch }
                return known.answer.map { .replay($0) } ?? .inProgress
            }
            while state.sessions[scope.session]?.keys ?? 0 >= limits.keysPerSession {
                guard state.forgetOldest(of: scope.session) else { return .full }
            }
            state.made += 1
            state.entries[scope] = Entry(number: state.made, body: body)
            state.sessions[scope.session, default: Session()].keys += 1
            return .first(IdempotencyTicket(store: self, scope: scope, number: state.made, body: body))
        }
    }

    /// Keeps the answer, or forgets the key where nothing was done; what was finished before stays as it is.
    func finish(_ scope: IdempotencyScope, _ number: UInt64, _ answer: Outcome) {
        let now = clock.uptime()
        state.withLock { state in
            defer { noteForgotten(&state) }
            guard var entry = state.entries[scope], entry.number == number, entry.answer == nil else { return }
            guard Self.isKept(answer) else {
                state.remove(scope)
                return
            }
            if let keeper { entry.note(answer, of: scope, to: keeper) }
            entry.answer = answer
            entry.bytes = Limits.overhead + Self.size(of: answer)
            state.keep(entry, of: scope, finished: now)
            while state.sessions[scope.session]?.bytes ?? 0 > limits.bytesPerSession,
                state.sessions[scope.session]?.finished.count ?? 0 > 1, state.forgetOldest(of: scope.session)
            {}
            if state.bytes > limits.bytes { state.makeRoom(downTo: limits.bytes - limits.bytes / 64) }
            state.sweepQueues(of: scope.session)
        }
    }

    /// Forgets what was finished for a session that nobody can ask any more.
    func forget(session: String) {
        state.withLock { state in
            while state.forgetOldest(of: session) {}
            state.sweepQueues(of: session)
            noteForgotten(&state)
        }
    }

    // MARK: - What outlives the process

    /// Writes down that a call acts, and returns once that is written; throws `Problem` 503 where it can't be.
    fileprivate func write(_ stored: StoredCall, of scope: IdempotencyScope, _ number: UInt64) async throws(Problem) {
        guard let keeper else { return }
        state.withLock { state in
            if state.entries[scope]?.number == number { state.entries[scope]?.stored = stored }
        }
        do {
            try await keeper.store.commit([.put(stored)], under: keeper.tenure, .orNothing)
        } catch {
            throw AnswerHold.unavailable
        }
    }

    func begun(_ ticket: IdempotencyTicket, _ message: UInt64?) async throws(Problem) {
        var stored = StoredCall(
            session: SessionID(ticket.scope.session), scope: ticket.scope.digest, body: ticket.body,
            begunAt: clock.now.milliseconds)
        stored.message = message
        try await write(stored, of: ticket.scope, ticket.number)
    }

    /// Takes over the calls that another process has begun; `outcome` says what became of one that it did not answer.
    func restore(_ calls: [KeptCall], _ outcome: (StoredCall) -> Outcome) {
        // Kept as long again: no clock of a wall makes anything older.
        let now = clock.uptime()
        // Asked before the lock is taken: whoever says it has locks of their own.
        let known = calls.sorted { $0.call.begunAt < $1.call.begunAt }.map { ($0, $0.answer ?? outcome($0.call)) }
        state.withLock { state in
            for (kept, answer) in known {
                let scope = IdempotencyScope(kept.call)
                state.made += 1
                var entry = Entry(number: state.made, body: kept.body)
                entry.answer = answer
                entry.bytes = Limits.overhead + Self.size(of: answer)
                entry.stored = kept.call
                state.sessions[scope.session, default: Session()].keys += 1
                state.keep(entry, of: scope, finished: now)
            }
        }
    }

    private func noteForgotten(_ state: inout State) {
        guard let keeper, let forgotten = state.forgotten, !forgotten.isEmpty else { return }
        state.forgotten = []
        keeper.store.note(
            forgotten.map { .remove(RecordKey(StoredCall.table, [.text($0.session), .bytes($0.digest)])) },
            under: keeper.tenure)
    }

    /// Whether an answer says that something was done, or may have been.
    ///
    /// A success is kept, and a failure after which a byte of what acts may have reached the server: a message that the
    /// server may have had is not sent again by asking again. No other is: the caller corrects the request or waits, and
    /// comes again with the same key.
    static func isKept(_ answer: Outcome) -> Bool {
        switch answer {
        case .success(let response): response.status < 400
        case .failure(let problem): problem.mayHaveActed
        }
    }

    private static func size(of answer: Outcome) -> Int {
        switch answer {
        case .success(let response):
            response.headers.reduce(response.body.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        case .failure(let problem):
            problem.errors.reduce(problem.detail.utf8.count) { $0 + $1.pointer.utf8.count + $1.detail.utf8.count }
        }
    }
}

extension IdempotencyStore.Entry {
    /// Hands the answer to the store; it is written before it is given.
    fileprivate mutating func note(
        _ answer: IdempotencyStore.Outcome, of scope: IdempotencyScope, to keeper: StateKeeper
    ) {
        // Nothing has acted that was not written first.
        guard var call = stored else { return }
        call.answer = KeptAnswer.bytes(of: answer)
        stored = call
        keeper.store.note([.put(call)], under: keeper.tenure)
    }
}

extension IdempotencyStore.State {
    /// Puts an entry in its place that has its answer.
    fileprivate mutating func keep(
        _ entry: IdempotencyStore.Entry, of scope: IdempotencyScope, finished: Duration
    ) {
        entries[scope] = entry
        bytes += entry.bytes
        sessions[scope.session]?.bytes += entry.bytes
        let place = IdempotencyStore.Place(scope: scope, number: entry.number, finished: finished)
        self.finished.append(place)
        sessions[scope.session]?.finished.append(place)
    }

    /// Forgets an entry whatever its state.
    fileprivate mutating func remove(_ scope: IdempotencyScope) {
        guard let entry = entries.removeValue(forKey: scope) else { return }
        if entry.stored != nil { forgotten?.append(scope) }
        bytes -= entry.bytes
        sessions[scope.session]?.bytes -= entry.bytes
        sessions[scope.session]?.keys -= 1
        if sessions[scope.session]?.keys == 0 { sessions[scope.session] = nil }
    }

    /// Forgets the entry that was put there, if it still is the same.
    fileprivate mutating func forget(_ place: IdempotencyStore.Place) {
        if entries[place.scope]?.number == place.number { remove(place.scope) }
    }

    fileprivate mutating func forget(finishedBefore time: Duration) {
        while let first = finished.first, first.finished <= time {
            finished.removeFirst()
            forget(first)
        }
    }

    /// Takes places whose entries are gone out of the queues when they are in the majority.
    fileprivate mutating func sweepQueues(of session: String) {
        let entries = entries
        func isThere(_ place: IdempotencyStore.Place) -> Bool { entries[place.scope]?.number == place.number }
        if finished.count > 2 * entries.count + IdempotencyStore.stalePlaces { finished = finished.filter(isThere) }
        if let kept = sessions[session], kept.finished.count > 2 * kept.keys + IdempotencyStore.stalePlaces {
            sessions[session]?.finished = kept.finished.filter(isThere)
        }
    }

    /// Has those sessions give that hold the most, each its oldest, so that no session's flood costs others their answers.
    ///
    /// All sessions are looked at, so that room is made for more than one answer at a time.
    fileprivate mutating func makeRoom(downTo wanted: Int) {
        let sizes = sessions.values.map(\.bytes).sorted()
        // What each may hold: what those below it leave, divided among those that are not.
        var left = wanted
        var level = wanted
        for (index, size) in sizes.enumerated() {
            level = left / (sizes.count - index)
            if size > level { break }
            left -= size
        }
        for session in sessions.filter({ $0.value.bytes > level }).keys {
            while sessions[session]?.bytes ?? 0 > level, forgetOldest(of: session) {}
        }
    }

    /// Forgets the oldest finished one of a session; false when there is none.
    fileprivate mutating func forgetOldest(of session: String) -> Bool {
        while let place = sessions[session]?.finished.popFirst() {
            guard entries[place.scope]?.number == place.number else { continue }
            forget(place)
            return true
        }
        return false
    }
}
