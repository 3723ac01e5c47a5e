import HTTPFront
import Locking
import MSNPClient

extension Session {
    /// Reads events, now or when some come.
    ///
    /// Throws `Problem`: 410 when the position is no longer kept, 429 when too many polls wait here already.
    func poll(_ query: PollQuery) throws(Problem) -> Answer {
        let now = environment.clock.uptime()
        let limit = environment.limits.parkedPollsPerSession
        let id = id
        var growth = 0
        defer { account(growth) }
        let found = try state.withLock { state throws(Problem) -> Found in
            state.record.dropOldEvents(at: now)
            growth = state.takeGrowth()
            let position: UInt64
            do throws(Problem) {
                position = try state.resolve(query.position, query.consumer, commits: query.commits)
            } catch {
                throw error.pointing(toSnapshotOf: id)
            }
            let page = state.record.journal.read(after: position, query.filter, limit: query.limit)
            let ended = state.record.hasEnded && !page.more
            guard page.events.isEmpty, !ended, query.wait > 0 else { return .page(page, ended: ended) }
            guard state.parked.count < limit else {
                var problem = Problem(.rateLimited, "\(limit) polls wait for this session already.")
                problem.retryAfter = 1
                throw problem
            }
            state.pollsMade += 1
            return .nothing(number: state.pollsMade, position: page.next.sequence)
        }
        switch found {
        case .page(let page, let ended): return .now(Self.response(page, ended: ended))
        case .nothing(let number, let position):
            return .park(
                ParkedRequest(
                    timeout: .seconds(query.wait),
                    began: { request in
                        self.park(
                            number,
                            ParkedPoll(request: request, filter: query.filter, limit: query.limit, position: position))
                    },
                    released: { _ in self.release(number, position, query) },
                    abandoned: {
                        self.use(at: self.environment.clock.uptime())
                        self.state.withLock { state in state.parked[number] = nil }
                    }))
        }
    }

    private enum Found {
        case page(JournalPage, ended: Bool)
        case nothing(number: UInt64, position: UInt64)
    }

    /// Events may have come between the look and the parking; then the poll is due at once.
    private func park(_ number: UInt64, _ poll: ParkedPoll) {
        let mustFlush = state.withLock { state in
            state.parked[number] = poll
            return state.markDuePolls()
        }
        if mustFlush { environment.runtime.schedule(after: GatewayLimits.coalescing) { self.flush() } }
    }

    /// The answer of a poll whose time is up: what there is, which is nothing unless it came this instant.
    private func release(_ number: UInt64, _ position: UInt64, _ query: PollQuery) -> Result<Response, Problem> {
        use(at: environment.clock.uptime())
        return state.withLock { state in
            let poll = state.parked.removeValue(forKey: number)
            return state.answer(
                from: poll?.position ?? position, query.filter, limit: query.limit, sessionID: id)
        }
    }

    /// Answers the polls that are due and wakes the streams.
    func flush() {
        let id = id
        var signals: [StreamSignal] = []
        let answers: [(ParkedRequest, Result<Response, Problem>)] = state.withLock { state in
            state.isFlushScheduled = false
            state.streamedHead = state.record.journal.head
            signals = state.streams.values.map(\.signal)
            let due = state.parked.filter { $0.value.isDue }
            for number in due.keys { state.parked[number] = nil }
            return due.values.map { poll in
                (poll.request, state.answer(from: poll.position, poll.filter, limit: poll.limit, sessionID: id))
            }
        }
        if !answers.isEmpty { use(at: environment.clock.uptime()) }
        for (request, answer) in answers { request.answer(answer) }
        for signal in signals { signal.wake() }
    }

    fileprivate static func response(_ page: JournalPage, ended: Bool) -> Response {
        .json(page.encoded(ended: ended))
    }
}

extension Session.State {
    /// Finds the polls that something has come for and moves the others on; true when a flush has to be scheduled.
    mutating func markDuePolls() -> Bool {
        for (number, poll) in parked where !poll.isDue {
            var poll = poll
            let page = record.journal.read(after: poll.position, poll.filter, limit: 1)
            // A burst larger than the journal leaves a gap, which the reader is told.
            let hasGap = poll.position < record.journal.oldest.sequence
            poll.isDue = !page.events.isEmpty || record.hasEnded || hasGap
            if !poll.isDue { poll.position = page.next.sequence }
            parked[number] = poll
        }
        let hasNews = !streams.isEmpty && streamedHead != record.journal.head
        guard !isFlushScheduled, hasNews || parked.contains(where: { $0.value.isDue }) else { return false }
        isFlushScheduled = true
        return true
    }

    /// What a due poll is answered; a flood between its wake and now may have cost it events, which it is told.
    fileprivate func answer(
        from position: UInt64, _ filter: TypeFilter, limit: Int, sessionID: String
    ) -> Result<Response, Problem> {
        let journal = record.journal
        do throws(Problem) {
            let position = try journal.resolve(.after(Cursor(epoch: journal.epoch, sequence: position)))
            let page = journal.read(after: position, filter, limit: limit)
            return .success(Session.response(page, ended: record.hasEnded && !page.more))
        } catch {
            return .failure(error.pointing(toSnapshotOf: sessionID))
        }
    }
}

extension Problem {
    /// Says where the state can be read anew.
    func pointing(toSnapshotOf session: String) -> Problem {
        var problem = self
        if code == .cursorExpired { problem.snapshot = "/v1/sessions/\(session)/snapshot" }
        return problem
    }
}
