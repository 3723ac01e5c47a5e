import HTTPFront
import Locking
import MSNPClient

extension Session {
    /// Streams events for as long as the session lives and somebody reads.
    ///
    /// The journal is the buffer: a stream is a position in it, and events are copied when the reader's socket has room. A
    /// position that is no longer kept is no problem here: the reader is told of the gap and gets what there is.
    /// Throws `Problem` 429 when too many streams are open here already.
    func stream(_ query: StreamQuery) throws(Problem) -> Answer {
        let now = environment.clock.uptime()
        var growth = 0
        defer { account(growth) }
        let id = id
        let start = try state.withLock { state throws(Problem) -> (position: UInt64, gap: GapNotice?)? in
            state.record.dropOldEvents(at: now)
            growth = state.takeGrowth()
            let journal = state.record.journal
            var (position, gap) = (journal.oldest.sequence, GapNotice?.none)
            do throws(Problem) {
                position = try state.resolve(query.position, query.consumer, commits: query.commits)
            } catch  where error.code == .cursorExpired {
                gap = GapNotice(error.pointing(toSnapshotOf: id))
            }
            let isAtEnd = gap == nil && journal.entries(after: position, query.filter, bytes: 1).entries.isEmpty
            if state.record.hasEnded, isAtEnd { return nil }
            guard state.streams.count < environment.limits.streamsPerSession else {
                throw Problem(
                    .rateLimited, "\(environment.limits.streamsPerSession) streams of this session are open already."
                )
                .retrying(after: 1)
            }
            return (position, gap)
        }
        // A browser asks again and again for a stream that ends, but for this answer.
        guard let start else { return .now(.noContent) }
        let number = state.withLock { state in
            state.streamsMade += 1
            return state.streamsMade
        }
        return .stream(
            .events(
                began: { signal in
                    self.state.withLock { state in
                        state.streams[number] = StreamReader(
                            signal: signal, filter: query.filter, position: start.position, told: start.position,
                            gap: start.gap)
                    }
                },
                next: { size in self.read(number, size) },
                heartbeat: { self.state.withLock { $0.quiet(number) } },
                ended: {
                    self.use(at: self.environment.clock.uptime())
                    self.state.withLock { state in state.streams[number] = nil }
                }))
    }

    private func read(_ number: UInt64, _ size: Int) -> StreamPiece {
        let now = environment.clock.uptime()
        var growth = 0
        let piece = state.withLock { state in
            state.record.dropOldEvents(at: now)
            growth = state.takeGrowth()
            return state.read(number, size, sessionID: id)
        }
        account(growth)
        return piece
    }
}

extension Session.State {
    /// Where a reader begins, and what it commits: a consumer's position moves to where it says that it has read to.
    ///
    /// Throws 410 where events are gone, and then commits nothing.
    mutating func resolve(
        _ position: ReadPosition?, _ consumer: ConsumerName?, commits: Bool
    ) throws(Problem) -> UInt64 {
        let journal = record.journal
        guard let consumer else { return try journal.resolve(position ?? .now) }
        if position == nil, let known = consumers[consumer] {
            return try journal.resolve(.after(Cursor(epoch: journal.epoch, sequence: known)))
        }
        let start = try journal.resolve(position ?? Consumers.beginning)
        if commits { try consumers.commit(start, for: consumer) }
        return start
    }

    fileprivate mutating func read(_ number: UInt64, _ size: Int, sessionID: String) -> StreamPiece {
        guard var reader = streams[number] else { return .end }
        let journal = record.journal
        let oldest = journal.oldest
        if reader.position < oldest.sequence {
            // It was slow, or is about to be told already: what is gone by now counts, too.
            let missed = reader.gap.map(\.missed) ?? 0
            reader.gap = GapNotice(
                missed: missed.map { $0 + oldest.sequence - reader.position }, oldest: oldest.text,
                snapshot: "/v1/sessions/\(sessionID)/snapshot")
            reader.position = oldest.sequence
        }
        var text: [UInt8] = []
        if let gap = reader.gap {
            EventStreamText.append(gap, to: &text)
            reader.told = reader.position
            reader.gap = nil
        }
        let (entries, next) = journal.entries(after: reader.position, reader.filter, bytes: size)
        for entry in entries {
            let id = Cursor(epoch: journal.epoch, sequence: entry.sequence).text
            EventStreamText.append(entry.type.rawValue, id: id, entry.json, to: &text)
            reader.told = entry.sequence
        }
        reader.position = next
        streams[number] = reader
        if !text.isEmpty { return .bytes(text) }
        return record.hasEnded ? .end : .nothing
    }

    /// A comment, with the position that a filter has led the reader to without an event.
    fileprivate mutating func quiet(_ number: UInt64) -> [UInt8] {
        guard let reader = streams[number], reader.position > reader.told else { return EventStreamText.comment }
        streams[number]?.told = reader.position
        return EventStreamText.comment(at: Cursor(epoch: record.journal.epoch, sequence: reader.position).text)
    }
}

extension GapNotice {
    /// What a stream says where a poll would be refused with 410.
    init(_ problem: Problem) { self.init(missed: problem.missed, oldest: problem.oldest, snapshot: problem.snapshot) }
}
