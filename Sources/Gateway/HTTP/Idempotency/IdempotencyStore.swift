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
        /// The same, which the store has not written yet: it is given once that is so.
        case unwritten(Outcome)
        /// The first one is not finished.
        case inProgress
        /// The first one had another body.
        case mismatch
        /// So many of the session are in progress that there is no room.
        case full
    }

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

    /// What of it a caller may meet: keys whose requests are not finished.
    var limit: ServiceLimit { .concurrent(.keyedCalls, used: limits.keysPerSession, of: limits.keysPerSession) }

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
                guard known.body == body else { return .mismatch }
                guard let answer = known.answer ?? settled(known) else { return .inProgress }
                return known.unwritten > 0 ? .unwritten(answer) : .replay(answer)
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

    /// What became of a message whose call is just about to be answered with that, where nothing of it has to be written first.
    private func settled(_ entry: Entry) -> Outcome? {
        guard keeper == nil, let outcome = entry.outcome, Self.isKept(outcome) else { return nil }
        return outcome
    }

    /// Keeps the answer, or forgets the key where nothing was done; what was finished before stays as it is.
    func finish(_ scope: IdempotencyScope, _ number: UInt64, _ answer: Outcome) {
        let now = clock.uptime()
        let isHanded = state.withLock { state in
            defer { noteForgotten(&state) }
            guard var entry = state.entries[scope], entry.number == number, entry.answer == nil else { return false }
            // Whoever asks again is told what has become known meanwhile.
            let answer = Self.isReceipt(answer) ? entry.outcome ?? answer : answer
            guard Self.isKept(answer) else {
                state.remove(scope)
                return false
            }
            let isHanded = keeper.map { entry.note(answer, of: scope, to: $0) } ?? false
            entry.answer = answer
            entry.outcome = nil
            entry.bytes = Limits.overhead + Self.size(of: answer)
            state.keep(entry, of: scope, finished: now)
            while state.sessions[scope.session]?.bytes ?? 0 > limits.bytesPerSession,
                state.sessions[scope.session]?.finished.count ?? 0 > 1, state.forgetOldest(of: scope.session)
            {}
            if state.bytes > limits.bytes { state.makeRoom(downTo: limits.bytes - limits.bytes / 64) }
            state.sweepQueues(of: scope.session)
            return isHanded
        }
        if isHanded { awaitWriting(of: scope, number) }
    }

    /// The message that a call is about has its outcome: whoever asks again is told that, and no longer that it is under way.
    ///
    /// Where nothing of it went out the key is forgotten, as with any answer that says so, and asking again sends it.
    func settle(_ scope: IdempotencyScope, _ number: UInt64, _ outcome: Outcome) {
        let isHanded = state.withLock { state in
            defer { noteForgotten(&state) }
            guard var entry = state.entries[scope], entry.number == number else { return false }
            guard let answer = entry.answer else {
                state.entries[scope]?.outcome = outcome
                return false
            }
            guard Self.isReceipt(answer) else { return false }
            guard Self.isKept(outcome) else {
                state.remove(scope)
                return false
            }
            let isHanded = keeper.map { entry.note(outcome, of: scope, to: $0) } ?? false
            entry.answer = outcome
            let growth = Limits.overhead + Self.size(of: outcome) - entry.bytes
            entry.bytes += growth
            state.bytes += growth
            state.sessions[scope.session]?.bytes += growth
            state.entries[scope] = entry
            return isHanded
        }
        if isHanded { awaitWriting(of: scope, number) }
    }

    /// Notes when the store has the answer.
    private func awaitWriting(of scope: IdempotencyScope, _ number: UInt64) {
        guard let keeper else { return }
        Task {
            do throws(StoreError) {
                try await keeper.store.flush()
            } catch {
                return
            }
            self.state.withLock { state in
                if state.entries[scope]?.number == number { state.entries[scope]?.unwritten -= 1 }
            }
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
        do throws(StoreError) {
            try await keeper.commit([.put(stored)], begun: false)
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

    /// Takes over the calls that another process has begun; `outcome` says what became of one that it did not answer, or of
    /// a message that was under way when it did.
    ///
    /// What is known of them now is written down: who knows it may forget it before the key is forgotten.
    func restore(_ calls: [StoredCall], _ outcome: (StoredCall) -> Outcome) {
        // Kept as long again: no clock of a wall makes anything older.
        let now = clock.uptime()
        // Asked before the lock is taken: whoever says it has locks of their own.
        let known = calls.sorted { $0.begunAt < $1.begunAt }.map { call -> (StoredCall, Outcome, isNews: Bool) in
            guard let answer = call.answer.flatMap(KeptAnswer.read), call.message == nil || !Self.isReceipt(answer)
            else { return (call, outcome(call), true) }
            return (call, answer, false)
        }
        let news = state.withLock { state in
            var news: [(IdempotencyScope, UInt64)] = []
            defer { noteForgotten(&state) }
            for (call, answer, isNews) in known {
                let scope = IdempotencyScope(call)
                guard Self.isKept(answer) else {
                    state.forgotten?.append(scope)
                    continue
                }
                state.made += 1
                var entry = Entry(number: state.made, body: call.body)
                entry.answer = answer
                entry.bytes = Limits.overhead + Self.size(of: answer)
                entry.stored = call
                if isNews, let keeper, entry.note(answer, of: scope, to: keeper) { news.append((scope, state.made)) }
                state.sessions[scope.session, default: Session()].keys += 1
                state.keep(entry, of: scope, finished: now)
            }
            return news
        }
        for (scope, number) in news { awaitWriting(of: scope, number) }
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

    /// Whether it says that something was taken on and is under way.
    private static func isReceipt(_ answer: Outcome) -> Bool {
        if case .success(let response) = answer { response.status == 202 } else { false }
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
