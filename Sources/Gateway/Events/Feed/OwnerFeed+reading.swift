import HTTPFront
import Locking

extension OwnerFeed: Owing {
    /// Reads events, now or when some come.
    ///
    /// Throws `Problem`: 410 when the position is no longer kept, 429 when too many polls wait here already.
    func poll(_ query: FeedQuery) throws(Problem) -> Outcome {
        let start = try resolve(query.position, query.consumer, commits: query.commits)
        let reading = read(after: start, query.filter, limit: query.limit)
        guard case .events(let items, let position, false) = reading, items.isEmpty, query.wait > 0 else {
            return .ready(try response(reading).get())
        }
        let number = try state.withLock { state throws(Problem) in
            guard state.polls.count < limits.readersPerFeed else {
                throw Problem(.rateLimited, "\(limits.readersPerFeed) polls wait for these events already.")
                    .retrying(after: 1)
            }
            state.readersMade += 1
            return state.readersMade
        }
        return .wait(
            Outcome.Wait(
                timeout: .seconds(query.wait),
                began: { reply in self.park(number, Poll(reply: reply, query: query, position: position)) },
                released: { _ in
                    let poll = self.state.withLock { $0.polls.removeValue(forKey: number) }
                    let position = poll?.position ?? position
                    return self.response(self.read(after: position, query.filter, limit: query.limit))
                },
                abandoned: { self.state.withLock { state in state.polls[number] = nil } }))
    }

    /// Events may have come between the look and the parking; then there is an answer at once.
    private func park(_ number: UInt64, _ poll: Poll) {
        let (hasNews, isClosed) = state.withLock { state in
            if state.isClosed { return (false, true) }
            state.polls[number] = poll
            return (state.head > poll.position, false)
        }
        if hasNews, let answer = takeAnswer(number, poll) { poll.reply.answer(answer) }
        if isClosed { poll.reply.answer(Authorizer.unauthorized) }
    }

    /// Answers the polls for which something has come, moves the others on, and wakes the streams.
    func handOut(at now: ContinuousClock.Instant, to deliveries: inout Deliveries) {
        let polls = state.withLock { state in
            // Whatever comes from now on is noted anew, as polls stay where they are while this one reads.
            state.isOwing = false
            state.quietUntil = now + GatewayLimits.coalescing
            for signal in state.streams.values { deliveries.wake(signal) }
            return state.polls
        }
        for (number, poll) in polls {
            if let answer = takeAnswer(number, poll) { deliveries.answer(poll.reply, with: answer) }
        }
    }

    /// What a poll is answered, which is out then; one for which nothing has come moves on.
    private func takeAnswer(_ number: UInt64, _ poll: Poll) -> Result<Response, Problem>? {
        let reading = read(after: poll.position, poll.query.filter, limit: poll.query.limit)
        guard case .events(let items, let next, false) = reading, items.isEmpty else {
            // Whoever takes it out answers it.
            let isOurs = state.withLock { $0.polls.removeValue(forKey: number) } != nil
            return isOurs ? response(reading) : nil
        }
        state.withLock { state in
            guard let position = state.polls[number]?.position, position < next else { return }
            state.polls[number]?.position = next
        }
        return nil
    }

    private func response(_ reading: FeedReading) -> Result<Response, Problem> {
        switch reading {
        case .events(let items, let next, let more):
            .success(.json(JournalPage.encoded(items.map(\.entry.json), next: cursor(next), more: more, ended: false)))
        case .gap(let missed, let oldest):
            .failure(expired(missed: missed, oldest: oldest, "The events after the cursor are no longer kept."))
        }
    }

    /// Streams events for as long as the key is good and somebody reads.
    ///
    /// Throws `Problem` 429 when too many streams are open here already.
    func stream(_ query: FeedQuery) throws(Problem) -> Outcome {
        var (position, gap) = (UInt64(0), GapNotice?.none)
        do throws(Problem) {
            position = try resolve(query.position, query.consumer, commits: query.commits)
        } catch  where error.code == .cursorExpired {
            position = try resolve(.oldest, nil, commits: false)
            gap = GapNotice(missed: error.missed, oldest: cursor(position))
        }
        let number = try state.withLock { state throws(Problem) in
            guard state.streams.count < limits.readersPerFeed else {
                throw Problem(.rateLimited, "\(limits.readersPerFeed) streams of these events are open already.")
                    .retrying(after: 1)
            }
            state.readersMade += 1
            return state.readersMade
        }
        let place = FeedStreamPlace(position: position, gap: gap)
        return .stream(
            Outcome.Stream(
                began: { signal in self.state.withLock { state in state.streams[number] = signal } },
                next: { size in self.next(place, query.filter, size) },
                quiet: { place.quiet(self.cursor) },
                ended: { self.state.withLock { state in state.streams[number] = nil } }))
    }

    private func next(_ place: FeedStreamPlace, _ filter: TypeFilter, _ size: Int) -> StreamPiece {
        if state.withLock({ $0.isClosed }) { return .end }
        var text: [UInt8] = []
        if let gap = place.takeGap() { EventStreamText.append(gap, to: &text) }
        var isAtEnd = false
        while !isAtEnd, text.count < size {
            switch read(after: place.position, filter, limit: .max, bytes: size - text.count) {
            case .gap(let missed, let oldest):
                EventStreamText.append(GapNotice(missed: missed, oldest: cursor(oldest)), to: &text)
                place.move(to: oldest, told: oldest)
            case .events(let items, let next, let more):
                for item in items {
                    EventStreamText.append(
                        item.entry.type.rawValue, id: cursor(item.number), item.entry.json, to: &text)
                }
                place.move(to: next, told: items.last?.number)
                isAtEnd = !more
            }
        }
        return text.isEmpty ? .nothing : .bytes(text)
    }
}
