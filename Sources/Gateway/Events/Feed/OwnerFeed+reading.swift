import HTTPFront
import Locking

extension OwnerFeed {
    /// Reads events, now or when some come.
    ///
    /// Throws `Problem`: 410 when the position is no longer kept, 429 when too many polls wait here already.
    func poll(_ query: FeedQuery) throws(Problem) -> Answer {
        let start = try resolve(query.position, query.consumer, commits: query.commits)
        let reading = read(after: start, query.filter, limit: query.limit)
        guard case .events(let items, let position, false) = reading, items.isEmpty, query.wait > 0 else {
            return .now(try response(reading).get())
        }
        let number = try state.withLock { state throws(Problem) in
            guard state.polls.count < limits.readersPerFeed else {
                throw Problem(.rateLimited, "\(limits.readersPerFeed) polls wait for these events already.")
                    .retrying(after: 1)
            }
            state.readersMade += 1
            return state.readersMade
        }
        return .park(
            ParkedRequest(
                timeout: .seconds(query.wait),
                began: { request in self.park(number, Poll(request: request, query: query, position: position)) },
                released: { _ in
                    let poll = self.state.withLock { $0.polls.removeValue(forKey: number) }
                    let position = poll?.position ?? position
                    return self.response(self.read(after: position, query.filter, limit: query.limit))
                },
                abandoned: { self.state.withLock { state in state.polls[number] = nil } }))
    }

    /// Events may have come between the look and the parking; then there is a flush at once.
    private func park(_ number: UInt64, _ poll: Poll) {
        let (mustFlush, isClosed) = state.withLock { state in
            if state.isClosed { return (false, true) }
            state.polls[number] = poll
            return (state.head > poll.position && state.beginsFlush(), false)
        }
        if mustFlush { scheduleFlush() }
        if isClosed { poll.request.answer(Authorizer.unauthorized) }
    }

    /// Answers the polls for which something has come, moves the others on, and wakes the streams.
    func flush() {
        let (polls, signals) = state.withLock { state in
            // Whatever comes from now on makes a flush of its own, as polls stay where they are while this one reads.
            state.isFlushScheduled = false
            return (state.polls, Array(state.streams.values))
        }
        for signal in signals { signal.wake() }
        for (number, poll) in polls {
            let reading = read(after: poll.position, poll.query.filter, limit: poll.query.limit)
            guard case .events(let items, let next, false) = reading, items.isEmpty else {
                // Whoever takes it out answers it.
                guard state.withLock({ $0.polls.removeValue(forKey: number) }) != nil else { continue }
                poll.request.answer(response(reading))
                continue
            }
            state.withLock { state in
                guard let position = state.polls[number]?.position, position < next else { return }
                state.polls[number]?.position = next
            }
        }
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
    func stream(_ query: FeedQuery) throws(Problem) -> Answer {
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
            .events(
                began: { signal in self.state.withLock { state in state.streams[number] = signal } },
                next: { size in self.next(place, query.filter, size) },
                heartbeat: { place.quiet(self.cursor) },
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
