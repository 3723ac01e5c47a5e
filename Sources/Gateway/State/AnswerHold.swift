import ByteText
import HTTPFront
import Locking
import Storage

/// Keeps one answer back until what it tells is written.
///
/// A call that changed something is answered when all is written that was handed to the store before; one that only looks
/// waits where its session knows of events that are not written and tell of what it shows. While the state can't be written
/// that is said at once: nobody waits for a disk to have room. The answers of polls and streams are made of what is written,
/// and never wait.
final class AnswerHold: AnswerKeeping {
    private enum Stage: Sendable {
        /// There is none yet.
        case open
        /// It waits to be written.
        case held(Result<Response, Problem>)
        /// The time is up, and this is what is answered.
        case due(Result<Response, any Error>)
        /// It may go, or something else went in its place.
        case passed
    }

    /// What becomes of an answer that is there.
    private enum Verdict {
        case goes
        case waits
        /// It is not waited for: nothing was done, and what would be told can't be written at the moment.
        case isRefused
    }

    /// Seconds after which a store that could not write may be able to.
    private static let retryAfter = 5

    private let keeper: StateKeeper
    private let session: Session?
    private let telling: Endpoint.Telling
    private let caller: Caller
    private let isSignIn: Bool
    /// Whose facts a look shows.
    private let shown: @Sendable () -> [Session]
    private let stage = Locked(Stage.open)
    /// What the request would be answered without this as its time is up.
    private let released = Locked<(@Sendable (ParkedRequest.Release) -> Result<Response, any Error>)?>(nil)

    /// - Parameter telling: what the answer of this one call tells.
    init(_ keeper: StateKeeper, _ admitted: Router.Admitted, _ telling: Endpoint.Telling, _ registry: SessionRegistry) {
        self.keeper = keeper
        self.telling = telling
        let session = admitted.decision.session
        self.session = session
        caller = admitted.decision.caller
        isSignIn = admitted.endpoint.access == .signIn
        if session == nil, case .key(let key) = admitted.decision.caller, admitted.endpoint.access == .caller {
            // Of all sessions of a key, the one look without a session that shows any.
            shown = { registry.sessions(of: key.isAdmin ? nil : key.owner) }
        } else {
            shown = { session.map { [$0] } ?? [] }
        }
    }

    /// What is answered instead of something that can't be written.
    static let unavailable = Problem(
        .stateUnavailable, "What happens can't be written at the moment, so that nothing is begun."
    ).retrying(after: retryAfter)

    /// What a look is answered that would show what is not written.
    private static let unwritten = Problem(
        .stateUnavailable, "What has changed meanwhile can't be written at the moment, and is not shown before."
    ).retrying(after: retryAfter)

    /// What a reader is answered whose events can't be read.
    static let unreadable = Problem(
        .stateUnavailable, "The events after the cursor can't be read at the moment."
    ).retrying(after: retryAfter)

    /// Has an answer wait for the store, whenever it comes; the same for what was refused at once.
    ///
    /// Throws what is answered at once instead of an answer.
    func keep(_ result: Result<Answer, Problem>) throws(Problem) -> Answer {
        switch result {
        case .success(.now(let response)):
            return try keep(.success(response)) ?? .now(response)
        case .success(.park(let request)):
            attach(to: request)
            return .park(request)
        case .success(.stream(let streaming)): return .stream(streaming)
        case .failure(let problem):
            if let held = try keep(.failure(problem)) { return held }
            throw problem
        }
    }

    /// Nil where it may go; throws what is answered in its place.
    private func keep(_ result: Result<Response, Problem>) throws(Problem) -> Answer? {
        switch verdict(result) {
        case .goes: return nil
        case .isRefused: throw refusal
        case .waits:
            // By its value: this keeps the closure (`attach`), and would keep itself.
            let refusal = refusal
            let request = ParkedRequest(
                timeout: keeper.patience, began: { $0.answer(result) },
                released: { _ -> Result<Response, Problem> in .failure(refusal) })
            attach(to: request)
            return .park(request)
        }
    }

    private func verdict(_ result: Result<Response, Problem>) -> Verdict {
        // That nothing is begun tells nothing that would have to be written.
        if case .failure(let problem) = result, problem.code == .stateUnavailable { return .goes }
        switch telling {
        case .nothing: return .goes
        case .facts(let types): return mayWait(shown().contains { $0.hasUnwritten(types) })
        case .kept(let isUnwritten): return mayWait(isUnwritten(caller))
        case .change: break
        }
        switch result {
        case .success: return .waits
        case .failure(let problem):
            if problem.mayHaveActed { return .waits }
            return mayWait(session?.hasUnwritten(.everything) ?? false)
        }
    }

    /// Of what did nothing.
    private func mayWait(_ isUnwritten: Bool) -> Verdict {
        guard isUnwritten else { return .goes }
        return session?.isHeldUp ?? !keeper.canWrite ? .isRefused : .waits
    }

    private var isLook: Bool { if case .change = telling { false } else { true } }

    private var refusal: Problem { isLook ? Self.unwritten : Self.unavailable }

    private func attach(to request: ParkedRequest) {
        let released = request.released
        self.released.withLock { $0 = released }
        request.keeper = self
        request.released = { reason in
            let last = self.stage.withLock { stage in
                defer { stage = .passed }
                return stage
            }
            switch last {
            // A sign-in that nobody hears of is undone.
            case .held(let result) where !self.isSignIn: return self.unwritten(result).mapError { $0 }
            case .due(let result): return result
            case .open, .held, .passed: break
            }
            let result = released(reason)
            guard case .success = result, !self.isSettled(result.withProblem) else { return result }
            return self.unwritten(result.withProblem).mapError { $0 }
        }
    }

    /// What is answered as the time is up, or as the gateway stops; a sign-in is undone.
    private func release() -> Result<Response, any Error> {
        self.released.withLock { $0 }?(.timedOut) ?? .failure(refusal)
    }

    /// How much longer an answer waits that is given as its time is up: what it says was done is not written.
    func prolong(_ request: ParkedRequest) -> Duration? {
        guard !isLook, stage.withLock({ if case .open = $0 { true } else { false } }) else { return nil }
        let result = release()
        if case .success = result, !isSettled(result.withProblem) {
            request.answer(result)
            return keeper.patience
        }
        stage.withLock { stage in
            if case .open = stage { stage = .due(result) }
        }
        return nil
    }

    /// Whether an answer that is given as the time is up may go: a message is under way, and that is written.
    private func isSettled(_ result: Result<Response, Problem>) -> Bool {
        guard !isLook, case .success(let response) = result else { return true }
        return response.status == 202 && session?.receipt(of: response) != nil
    }

    /// Whether the answer waits, and is given again later.
    func keepsBack(_ request: ParkedRequest, _ result: Result<Response, any Error>) -> Bool {
        let result = result.withProblem
        let verdict = verdict(result)
        let last = stage.withLock { stage in
            defer { if case .open = stage { stage = verdict == .waits ? .held(result) : .passed } }
            return stage
        }
        switch last {
        case .passed: return false
        // Whoever has found that the time is up ends it.
        case .held, .due: return true
        case .open: break
        }
        switch verdict {
        case .goes: return false
        case .isRefused:
            request.answer(refusal)
            return true
        case .waits: wait(for: result, of: request)
        }
        return true
    }

    private func wait(for result: Result<Response, Problem>, of request: ParkedRequest) {
        Task(executorPreference: session?.owed.executor) {
            var failure: StoreError?
            do throws(StoreError) {
                try await self.keeper.flush(begun: self.hasActed(result))
            } catch {
                failure = error
            }
            let isFirst = self.stage.withLock { stage in
                defer { stage = .passed }
                if case .held = stage { return true }
                return false
            }
            guard isFirst else { return }
            if failure != nil, self.isSignIn { _ = self.release() }
            request.answer(failure == nil ? result : self.unwritten(result))
        }
    }

    /// Whether it is about something that was done, or may have been.
    private func hasActed(_ result: Result<Response, Problem>) -> Bool {
        guard !isLook else { return false }
        return switch result {
        case .success: true
        case .failure(let problem): problem.mayHaveActed
        }
    }

    /// What is answered when the time is up and what the answer tells is not written: it may be forgotten yet.
    private func unwritten(_ result: Result<Response, Problem>) -> Result<Response, Problem> {
        // It did nothing, or is undone, and may be tried again.
        guard hasActed(result), !isSignIn else { return .failure(refusal) }
        if case .success(let response) = result, let session, let receipt = session.receipt(of: response) {
            return .success(receipt)
        }
        var problem = Problem(.outcomeUnknown, "It was done, and what came of it can't be written at the moment.")
        problem.mayHaveActed = true
        return .failure(problem)
    }
}

extension Session {
    /// Whether it knows of something that is not written, of which events of these types tell.
    func hasUnwritten(_ types: EventType.Set) -> Bool {
        state.withLock { $0.kept != nil && !$0.record.journal.unwrittenTypes.isDisjoint(with: types) }
    }

    /// Whether nothing of it is to begin as what comes of it can't be written, or so much of it waits already.
    var isHeldUp: Bool {
        guard let keeper = environment.state else { return false }
        return !keeper.canWrite || isFull
    }

    /// The answer to a message whose outcome may be forgotten yet: 202, as if it were under way.
    ///
    /// Nil for any other answer, and for a message that is not written itself: it may have no outcome ever.
    fileprivate func receipt(of response: Response) -> Response? {
        let messages = "/v1/sessions/\(id)/messages/"
        guard let location = response.value(of: "Location"), location.utf8.starts(with: messages.utf8),
            case let name = String(location.dropFirst(messages.count)),
            state.withLock({ $0.record.isWritten(name) }), let message = try? message(name)
        else { return nil }
        var receipt = Response.json(JSONMember("message", message.pending), status: 202)
        receipt.set("Location", location)
        return receipt
    }
}
