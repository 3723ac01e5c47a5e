import ByteText
import HTTPFront
import Locking
import Storage

/// Keeps one answer back until what it tells is written.
///
/// A call that changed something is answered when all is written that was handed to the store before; one that only looks
/// waits where its session knows of events that are not written yet. The answers of polls and streams are made of what is
/// written, and never wait.
final class AnswerHold: Sendable {
    private enum Stage: Sendable {
        /// There is none yet.
        case open
        /// It waits to be written.
        case held(Result<Response, Problem>)
        /// It may go, or something else went in its place.
        case passed
    }

    /// For an answer that was there at once: what is asked of no server waits for none longer.
    private static let timeout: Duration = .seconds(20)
    /// Seconds after which a store that could not write may be able to.
    private static let retryAfter = 5

    private let keeper: StateKeeper
    private let session: Session?
    private let endpoint: Endpoint
    private let isSafe: Bool
    private let stage = Locked(Stage.open)

    private init(_ keeper: StateKeeper, _ admitted: Router.Admitted) {
        self.keeper = keeper
        session = admitted.decision.session
        endpoint = admitted.endpoint
        isSafe = admitted.head.isSafe
    }

    /// What is answered instead of something that can't be written.
    static let unavailable = Problem(
        .stateUnavailable, "What happens can't be written at the moment, so that nothing is begun."
    ).retrying(after: retryAfter)

    /// What a reader is answered whose events can't be read.
    static let unreadable = Problem(
        .stateUnavailable, "The events after the cursor can't be read at the moment."
    ).retrying(after: retryAfter)

    /// Has an answer wait for the store, whenever it comes.
    static func keep(_ answer: Answer, _ admitted: Router.Admitted, _ keeper: StateKeeper) -> Answer {
        if admitted.endpoint.tellsWritten { return answer }
        let hold = AnswerHold(keeper, admitted)
        switch answer {
        case .now(let response): return hold.mustWait(.success(response)) ? hold.park(.success(response)) : answer
        case .park(let request):
            hold.attach(to: request)
            return answer
        case .stream: return answer
        }
    }

    /// The same for what was refused at once; nil where it may go.
    static func keep(_ problem: Problem, _ admitted: Router.Admitted, _ keeper: StateKeeper) -> Answer? {
        // That nothing is begun tells nothing that would have to be written.
        if admitted.endpoint.tellsWritten || problem.code == .stateUnavailable { return nil }
        let hold = AnswerHold(keeper, admitted)
        return hold.mustWait(.failure(problem)) ? hold.park(.failure(problem)) : nil
    }

    private func mustWait(_ result: Result<Response, Problem>) -> Bool {
        if session?.hasUnwritten == true { return true }
        switch result {
        case .success:
            // Of all sessions of a key, the one look without a session that shows any.
            if isSafe { return session == nil && endpoint.access == .caller }
            return session != nil || [.signIn, .key].contains(endpoint.access)
        case .failure(let problem): return problem.mayHaveActed
        }
    }

    private func park(_ result: Result<Response, Problem>) -> Answer {
        let request = ParkedRequest(
            timeout: Self.timeout, began: { $0.answer(result) },
            released: { _ -> Result<Response, Problem> in .failure(Self.unavailable) })
        attach(to: request)
        return .park(request)
    }

    private func attach(to request: ParkedRequest) {
        request.keepsBack = { request, result in self.keepsBack(request, result.withProblem) }
        let released = request.released
        request.released = { reason in
            let last = self.stage.withLock { stage in
                defer { stage = .passed }
                return stage
            }
            // A sign-in that nobody hears of is undone.
            guard case .held(let result) = last, self.endpoint.access != .signIn else { return released(reason) }
            return self.unwritten(result).mapError { $0 }
        }
    }

    /// Whether the answer waits, and is given again later.
    private func keepsBack(_ request: ParkedRequest, _ result: Result<Response, Problem>) -> Bool {
        let mustWait = mustWait(result)
        let last = stage.withLock { stage in
            defer { if case .open = stage { stage = mustWait ? .held(result) : .passed } }
            return stage
        }
        switch last {
        case .passed: return false
        case .held: return true
        case .open: break
        }
        guard mustWait else { return false }
        Task(executorPreference: session?.owed.executor) {
            var answer = result
            do {
                try await self.keeper.store.flush()
            } catch {
                answer = self.unwritten(result)
            }
            let isFirst = self.stage.withLock { stage in
                defer { stage = .passed }
                if case .held = stage { return true }
                return false
            }
            if isFirst { request.answer(answer) }
        }
        return true
    }

    /// What is answered when the time is up and what the answer tells is not written: it may be forgotten yet.
    private func unwritten(_ result: Result<Response, Problem>) -> Result<Response, Problem> {
        guard !isSafe else { return .failure(Self.unavailable) }
        // It did nothing, and may be tried again.
        if case .failure(let problem) = result, !problem.mayHaveActed { return .failure(Self.unavailable) }
        if case .success(let response) = result, let session, let receipt = session.receipt(of: response) {
            return .success(receipt)
        }
        var problem = Problem(.outcomeUnknown, "It was done, and what came of it can't be written at the moment.")
        problem.mayHaveActed = true
        return .failure(problem)
    }
}

extension Session {
    /// Whether it knows of something that is not written.
    var hasUnwritten: Bool {
        state.withLock { $0.kept != nil && !$0.record.journal.isWritten }
    }

    /// The answer to a message whose outcome may be forgotten yet: 202, as if it were under way; nil for any other answer.
    fileprivate func receipt(of response: Response) -> Response? {
        let messages = "/v1/sessions/\(id)/messages/"
        guard let location = response.value(of: "Location"), location.utf8.starts(with: messages.utf8),
            let message = try? message(String(location.dropFirst(messages.count)))
        else { return nil }
        var receipt = Response.json(JSONMember("message", message.pending), status: 202)
        receipt.set("Location", location)
        return receipt
    }
}
