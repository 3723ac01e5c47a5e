import HTTPFront
import Locking

/// Streams: positions in what a source keeps, and nothing else.
///
/// The source is the buffer: events are copied when the reader's socket has room for them. A position whose events are gone is
/// no problem here: the reader is told of the gap and gets what there is.
extension Readers {
    func stream(_ query: ReadQuery, of source: some EventSource) throws(Problem) -> Answer {
        var (position, gap) = (UInt64(0), GapNotice?.none)
        do throws(Problem) {
            position = try begin(query, of: source)
        } catch  where error.code == .cursorExpired {
            position = try source.resolve(.oldest)
            gap = GapNotice(
                missed: error.missed, oldest: source.cursor(position).text, snapshot: source.snapshotPath)
        }
        // A browser asks again and again for a stream that ends, but for this answer.
        let first = source.read(after: position, query.filter, limit: 1, bytes: .max)
        if gap == nil, case .events(let items, _, _, ended: true) = first, items.isEmpty { return .now(.noContent) }
        let number = try state.withLock { state throws(Problem) in
            guard state.streams.count < source.mostStreams else {
                throw Problem(.rateLimited, "\(source.mostStreams) streams of \(source.title) are open already.")
                    .retrying(after: 1)
            }
            return state.number()
        }
        let place = StreamPlace(position: position, gap: gap)
        return .stream(
            .events(
                began: { signal in
                    self.state.withLock { state in state.streams[number] = signal }
                    source.noteWaiting()
                },
                next: { size in self.next(place, query.filter, size, of: source) },
                heartbeat: { place.quiet { source.cursor($0).text } },
                ended: {
                    source.noteUse()
                    self.state.withLock { state in state.streams[number] = nil }
                }))
    }

    private func next(
        _ place: StreamPlace, _ filter: TypeFilter, _ size: Int, of source: some EventSource
    ) -> StreamPiece {
        guard !state.withLock({ $0.isClosed }) else { return .end }
        var text: [UInt8] = []
        while text.count < size {
            switch source.read(after: place.position, filter, limit: .max, bytes: size - text.count) {
            case .gap(let missed, let oldest):
                place.lose(
                    missed, GapNotice(oldest: source.cursor(oldest).text, snapshot: source.snapshotPath), to: oldest)
            case .events(let items, let next, let more, let ended):
                if let gap = place.takeGap() { EventStreamText.append(gap, to: &text) }
                for item in items {
                    EventStreamText.append(
                        item.entry.type.rawValue, id: source.cursor(item.number).text, item.entry.json, to: &text)
                }
                place.move(to: next, told: items.last?.number)
                guard !more else { continue }
                if text.isEmpty { return ended ? .end : .nothing }
                return .bytes(text)
            }
        }
        return .bytes(text)
    }
}
