import HTTPFront
import Locking

/// Streams: positions in what a source keeps, and nothing else.
///
/// The source is the buffer: events are copied when the reader's socket has room for them. A position whose events are gone is
/// no problem here: the reader is told of the gap and gets what there is.
extension Readers {
    func stream(_ query: ReadQuery, of source: some EventSource) throws(Problem) -> Answer {
        var (beginning, gap) = (Beginning(position: 0), GapNotice?.none)
        do throws(Problem) {
            beginning = try begin(query, of: source)
        } catch  where error.code == .cursorExpired {
            beginning.refusal = error
        }
        if let refusal = beginning.refusal {
            beginning.position = try source.resolve(.oldest)
            gap = GapNotice(
                missed: refusal.missed, oldest: source.cursor(beginning.position).text, snapshot: source.snapshotPath)
        }
        // A browser asks again and again for a stream that ends, but for this answer.
        let first = source.read(after: beginning.position, query.filter, limit: 1, bytes: .max)
        if gap == nil, case .events(let items, _, _, ended: true) = first, items.isEmpty { return .now(.noContent) }
        let number = try state.withLock { state throws(Problem) in
            guard state.streams.count < source.mostStreams else {
                throw Problem(.rateLimited, "\(source.mostStreams) streams of \(source.title) are open already.")
                    .retrying(after: 1)
                    .exceeding(.concurrent(.streams, used: state.streams.count, of: source.mostStreams))
            }
            return state.number()
        }
        let start = beginning
        let place = StreamPlace(position: start.position, gap: gap, isOldest: start.isOldest)
        if start.unwritten != nil { place.begin() }
        return .stream(
            .events(
                began: { signal in
                    self.state.withLock { state in state.streams[number] = signal }
                    source.noteWaiting()
                    guard start.unwritten != nil else { return }
                    Task {
                        place.end(await self.isWritten(start, of: source) ? StoredWindow.none : nil)
                        signal.wake()
                    }
                },
                next: { size in
                    self.next(place, query.filter, size, of: source) { self.state.withLock { $0.streams[number] } }
                },
                heartbeat: { place.quiet { source.cursor($0).text } },
                ended: {
                    source.noteUse()
                    self.state.withLock { state in state.streams[number] = nil }
                }))
    }

    /// - Parameter signal: the stream's, which is woken when the store has read for it.
    private func next(
        _ place: StreamPlace, _ filter: TypeFilter, _ size: Int, of source: some EventSource,
        signal: @escaping @Sendable () -> StreamSignal?
    ) -> StreamPiece {
        guard !state.withLock({ $0.isClosed }) else { return .end }
        var window = StoredWindow.none
        switch place.store {
        case .idle(let found): window = found
        case .asked: return .nothing
        // With its last ID it asks again, and is told then.
        case .failed: return .end
        }
        var text: [UInt8] = []
        while text.count < size {
            switch source.read(after: place.position, filter, limit: .max, bytes: size - text.count, window) {
            case .partly(let items, let next):
                if let gap = place.takeGap() { EventStreamText.append(gap, to: &text) }
                append(items, of: source, to: &text)
                guard next == place.position else {
                    place.move(to: next, told: items.last?.number)
                    continue
                }
                fetch(for: place, of: source, signal)
                return text.isEmpty ? .nothing : .bytes(text)
            case .gap(let missed, let oldest):
                if place.isOldest, let anew = source.oldest(insteadOf: place.position) {
                    place.beginAnew(at: anew)
                    continue
                }
                place.lose(
                    missed, GapNotice(oldest: source.cursor(oldest).text, snapshot: source.snapshotPath), to: oldest)
            case .events(let items, let next, let more, let ended):
                if let gap = place.takeGap() { EventStreamText.append(gap, to: &text) }
                append(items, of: source, to: &text)
                place.move(to: next, told: items.last?.number, isLast: !more)
                guard !more else { continue }
                // It has come to what memory holds.
                if window.through > 0 { place.end(StoredWindow.none) }
                guard text.isEmpty else { return .bytes(text) }
                guard ended else { return .nothing }
                guard window.through > 0 else { return .end }
                // Who comes back with an ID that memory knows is told at once that there is nothing.
                let last = place.quiet { source.cursor($0).text }
                return last == EventStreamText.comment ? .end : .bytes(last)
            }
        }
        return .bytes(text)
    }

    private func append(_ items: [Reading.Item], of source: some EventSource, to text: inout [UInt8]) {
        for item in items {
            EventStreamText.append(
                item.entry.type.rawValue, id: source.cursor(item.number).text, item.entry.json, to: &text)
        }
    }

    /// Reads from the store what comes next for a stream, and wakes it.
    private func fetch(
        for place: StreamPlace, of source: some EventSource, _ signal: @escaping @Sendable () -> StreamSignal?
    ) {
        let position = place.position
        place.begin()
        Task {
            place.end(try? await source.fetch(after: position))
            signal()?.wake()
        }
    }
}
