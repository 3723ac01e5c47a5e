import HTTPFront
import Locking
import MSNP
import MSNPClient

/// Messages on their way out, and the calls that wait for what becomes of them.
///
/// A message that the client has taken goes its way, whether anybody waits for it or not.
extension Session {
    /// Sends a message and answers with its outcome, or at once where that is preferred.
    ///
    /// Throws `Problem`: 409 and 503 as the session is, 429 when it sends too fast.
    func send(
        _ draft: MessageDraft, to target: MessageTarget, _ preferences: Preferences, _ act: IdempotencyTicket?
    ) throws(Problem) -> Answer {
        try requireOnline()
        let uptime = environment.clock.uptime()
        if let delay = outbox.take(at: uptime) {
            let pace = outbox.pace
            throw Problem(
                .rateLimited,
                "The session sends at most \(pace.messagesPerSecond) messages a second once it has sent \(pace.messageBurst) at once."
            ).retrying(after: delay).exceeding(outbox.limit(at: uptime))
        }
        let ticket = SendTicket()
        // Whoever waits for no time waits for nothing.
        let respondsAtOnce = preferences.respondsAsync || preferences.wait == 0
        return .park(
            ParkedRequest(
                timeout: .seconds(
                    respondsAtOnce ? MessagingLimits.sendWait : preferences.wait ?? MessagingLimits.sendWait),
                began: { parked in
                    self.begin(draft, to: target, ticket, parked, preferences, act, respondsAtOnce: respondsAtOnce)
                },
                released: { _ in self.current(ticket).flatMap { self.answer($0) } },
                // It still waits: what is answered may be kept for whoever asks again.
                abandoned: {}))
    }

    /// How many more messages may be sent, for whoever calls about the session.
    static let sendingLimit: @Sendable (Endpoint.Limited) -> ServiceLimit? = { limited in
        limited.session.map { $0.outbox.limit(at: $0.environment.clock.uptime()) }
    }

    /// The message that a caller names, as it is now.
    ///
    /// Throws `Problem` 404 when it is none of those kept.
    func message(_ name: String) throws(Problem) -> MessageResource {
        guard let message = state.withLock({ $0.record.message(named: name) }) else {
            throw Problem(.notFound, "That is none of the messages that the session has sent last.")
        }
        return message
    }

    private func begin(
        _ draft: MessageDraft, to target: MessageTarget, _ ticket: SendTicket, _ parked: ParkedRequest,
        _ preferences: Preferences, _ act: IdempotencyTicket?, respondsAtOnce: Bool
    ) {
        let now = environment.clock.now
        // Known before the client hears of it: its outcome may come before `send` returns.
        let (message, growth) = state.withLock { state in
            (state.record.conversations.messages.register(draft, at: now), state.takeGrowth())
        }
        account(growth)
        if let act {
            outbox.follow(message.id) { [weak self] settled, obstacle in
                if let self { act.settle(self.answer(settled, obstacle)) }
            }
        }
        if !respondsAtOnce { outbox.wait(for: message.id) { parked.answer(self.answer($0)) } }
        ticket.note(message.id)
        Task(executorPreference: owed.executor) {
            do throws(Problem) {
                try await self.begin(act, message.id.rawValue)
            } catch {
                self.withdraw(message.id)
                parked.answer(error)
                return
            }
            do throws(MessageFailure) {
                try await self.hand(message.outgoing, to: target)
            } catch {
                self.withdraw(message.id)
                parked.answer(self.problem(error, Problem.undelivered))
                return
            }
            guard self.isTaken(message.id) else {
                self.withdraw(message.id)
                // A process that is about to end hears nothing more either, and the message may have gone out.
                let hasEnded = self.state.withLock { $0.record.hasEnded }
                parked.answer(hasEnded ? self.problem(.notOnline(.ended), Problem.undelivered) : Self.unknownOutcome)
                return
            }
            guard respondsAtOnce else { return }
            var answer = self.current(ticket).flatMap { self.receipt($0) }
            if preferences.respondsAsync {
                answer = answer.map { response in
                    var response = response
                    response.set("Preference-Applied", "respond-async")
                    return response
                }
            }
            parked.answer(answer)
        }
    }

    /// Writes down that a call with a key acts, before it does; throws `Problem` 503 where that can't be written.
    func begin(_ act: IdempotencyTicket?, _ message: UInt64? = nil) async throws(Problem) {
        guard let act, let keeper = environment.state else { return }
        // Its number is reserved before the call that names it is written.
        state.withLock { hand(&$0, to: keeper) }
        try await act.begin(message)
    }

    /// What became of a call with a key that another process has begun and not answered.
    func outcome(ofMessage number: UInt64?) -> Result<Response, Problem> {
        let settled = number.flatMap { number in
            state.withLock { state in
                state.record.conversations.messages[OutgoingMessageID(rawValue: number)].flatMap(state.record.settled)
            }
        }
        if let settled { return answer(settled) }
        return .failure(Self.unknownOutcome)
    }

    /// What is said of an act that another process has begun, and of which nothing more is known.
    static let unknownOutcome: Problem = {
        var problem = Problem(.outcomeUnknown, "The gateway was stopped before it knew what became of it.")
        problem.mayHaveActed = true
        return problem
    }()

    private func hand(_ message: OutgoingMessage, to target: MessageTarget) async throws(MessageFailure) {
        let (client, current) = state.withLock { state in
            (state.record.hears ? state.client : nil, state.record.state)
        }
        guard let client else { throw .notOnline(current) }
        _ = try await client.send(message, to: target)
    }

    /// Whether the record has heard that the client took the message; it hears nothing once the session has ended, or the
    /// process is about to.
    private func isTaken(_ id: OutgoingMessageID) -> Bool {
        state.withLock { state in
            state.record.conversations.messages[id].map { $0.conversation != nil } ?? !state.record.hasEnded
        }
    }

    private func withdraw(_ id: OutgoingMessageID) {
        let growth = state.withLock { state in
            state.record.conversations.messages.withdraw(id)
            return state.takeGrowth()
        }
        outbox.withdraw(id)
        account(growth)
    }

    // MARK: - Answers

    /// The message as it is, for a call whose time is up, or that does not wait; nobody tells that call any more.
    private func current(_ ticket: SendTicket) -> Result<SettledMessage, Problem> {
        let current = state.withLock { state -> SettledMessage? in
            guard let id = ticket.message, let message = state.record.conversations.messages[id] else { return nil }
            return state.record.settled(message)
        }
        if let id = ticket.message { outbox.stopWaiting(for: id) }
        guard let current else {
            return .failure(
                acted(Problem(.backendTimeout, "The message was not taken in time; it may go out nevertheless.")))
        }
        return .success(current)
    }

    /// The answer of a call that does not wait: 202 also if the message has arrived in that very moment.
    private func receipt(_ settled: SettledMessage) -> Result<Response, Problem> {
        switch settled.delivery {
        case .delivered, .unconfirmed: .success(response(settled.message, status: 202))
        case .pending, .failed, .signedOut, .failedBefore: answer(settled)
        }
    }

    /// The answer by what is known: 202 for what may still come well.
    private func answer(_ settled: SettledMessage) -> Result<Response, Problem> { answer(settled, obstacle) }

    /// The same, with what is in the way of other messages.
    private func answer(
        _ settled: SettledMessage, _ obstacle: @autoclosure () -> Problem?
    ) -> Result<Response, Problem> {
        switch settled.delivery {
        case .pending: .success(response(settled.message, status: 202))
        case .delivered, .unconfirmed: .success(response(settled.message, status: 201))
        case .failed(let failure, let partial?): .failure(Problem.undelivered(failure, partial: partial))
        case .failed(let failure, nil): .failure(problem(failure, obstacle(), Problem.undelivered))
        case .failedBefore(let reason, let partial):
            .failure(Problem.undelivered(before: reason, partial: partial))
        // It was under way when the session ended.
        case .signedOut: .failure(acted(problem(.notOnline(.ended), obstacle(), Problem.undelivered)))
        }
    }

    private func acted(_ problem: Problem) -> Problem {
        var problem = problem
        problem.mayHaveActed = true
        return problem
    }

    private func response(_ message: MessageResource, status: Int) -> Response {
        var response = Response.json(JSONMember("message", message), status: status)
        response.set("Location", "/v1/sessions/\(id)/messages/\(message.id)")
        return response
    }

    /// What a failure is answered with: as the session's state says where that explains it, else as `meaning` does.
    func problem(_ failure: MessageFailure, _ meaning: (MessageFailure) -> Problem) -> Problem {
        problem(failure, obstacle, meaning)
    }

    private func problem(
        _ failure: MessageFailure, _ obstacle: @autoclosure () -> Problem?, _ meaning: (MessageFailure) -> Problem
    ) -> Problem {
        // None where it is back already.
        if case .notOnline = failure, let obstacle = obstacle() { return obstacle }
        return meaning(failure)
    }
}

extension Session.State {
    /// The messages that have their outcome now.
    mutating func takeSettled() -> [(id: OutgoingMessageID, message: SettledMessage)] {
        record.conversations.messages.takeNews().compactMap { message in
            record.settled(message).map { (message.id, $0) }
        }
    }
}

extension SessionRecord {
    /// Nil while the client has not taken it.
    fileprivate func settled(_ message: SentMessage) -> SettledMessage? {
        resource(of: message).map { SettledMessage(message: $0, delivery: message.delivery) }
    }
}
