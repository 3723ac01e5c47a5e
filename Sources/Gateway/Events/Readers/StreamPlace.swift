import Locking

/// Where a stream is; moved by its own loop alone.
final class StreamPlace: Sendable {
    private struct State: Sendable {
        /// Everything up to here was examined.
        var position: UInt64
        /// The position of the last ID that the reader was sent.
        var told: UInt64
        /// What the reader has to be told before anything else.
        var gap: GapNotice?
        var store = Store.idle(.none)
        /// The reader asked for the oldest event that there is, has been told nothing, and has not come to the last one.
        var isOldest: Bool
    }

    /// What the store does for the stream.
    enum Store: Sendable {
        /// Nothing, and what it has read last.
        case idle(StoredWindow)
        /// It is asked for something, and the stream waits.
        case asked
        /// It can't do that.
        case failed
    }

    private let state: Locked<State>

    /// - Parameter isOldest: whether that is the oldest event that there is, whichever it is.
    init(position: UInt64, gap: GapNotice?, isOldest: Bool = false) {
        state = Locked(State(position: position, told: position, gap: gap, isOldest: isOldest))
    }

    var position: UInt64 { state.withLock { $0.position } }
    var store: Store { state.withLock { $0.store } }
    /// Whether what goes before it is told is not missed: its reader begins with what is the oldest then.
    var isOldest: Bool { state.withLock { $0.isOldest } }

    /// The store is asked for something.
    func begin() { state.withLock { $0.store = .asked } }

    /// It has done that; nil where it can't.
    func end(_ window: StoredWindow?) { state.withLock { $0.store = window.map { .idle($0) } ?? .failed } }

    /// The next events are gone, and the reader begins with what is the oldest now.
    func beginAnew(at position: UInt64) { state.withLock { ($0.position, $0.told) = (position, position) } }

    /// The next events are gone; what was about to be told of before counts, too.
    func lose(_ missed: UInt64?, _ notice: GapNotice, to position: UInt64) {
        state.withLock { state in
            var notice = notice
            // Of a gap without a number nobody knows how much it was.
            if let gap = state.gap {
                notice.missed = gap.missed.flatMap { before in missed.map { before + $0 } }
            } else {
                notice.missed = missed
            }
            state.gap = notice
            state.position = position
            state.isOldest = false
        }
    }

    /// What the reader has to be told before anything else; once.
    func takeGap() -> GapNotice? {
        state.withLock { state in
            guard let gap = state.gap else { return nil }
            state.gap = nil
            state.told = state.position
            return gap
        }
    }

    /// - Parameters:
    ///   - told: the last event that it was told; nil where the filter has left all out.
    ///   - isLast: whether it has come to the last event.
    func move(to position: UInt64, told: UInt64?, isLast: Bool = false) {
        state.withLock { state in
            state.position = position
            if let told { state.told = told }
            if told != nil || isLast { state.isOldest = false }
        }
    }

    /// A comment, with the position that a filter has led the reader to without an event.
    func quiet(_ cursor: (UInt64) -> String) -> [UInt8] {
        state.withLock { state in
            guard state.position > state.told else { return EventStreamText.comment }
            state.told = state.position
            state.isOldest = false
            return EventStreamText.comment(at: cursor(state.position))
        }
    }
}
