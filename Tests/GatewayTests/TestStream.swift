import Dispatch
import Foundation
import HTTPFront
import Locking
import TestSupport
import Testing

@testable import Gateway

/// The reader of a stream, without a socket: takes pieces as the server would, and understands server-sent events.
final class TestStream: Sendable {
    private struct State: Sendable {
        var reads = true
        var isOver = false
        var parser = EventStreamParser()
        var taken = 0
    }

    /// What came, comments among it.
    let items = Recorder<EventStreamParser.Item>()
    /// When the gateway has said that it is all.
    let finished = Recorder<Void>()
    private let streaming: Streaming
    private let seen: @Sendable ([UInt8]) -> Void
    private let state = Locked(State())
    /// Where all of the stream's closures run, as on the loop's thread.
    private let queue = DispatchQueue(label: "stream")
    private let signal = Locked<StreamSignal?>(nil)

    init(_ streaming: Streaming, _ seen: @escaping @Sendable ([UInt8]) -> Void) {
        self.streaming = streaming
        self.seen = seen
    }

    var response: Response { streaming.response }
    var hasFinished: Bool { !finished.all.isEmpty }
    /// Bytes taken so far.
    var taken: Int { state.withLock { $0.taken } }
    var heartbeatInterval: Duration { streaming.heartbeatInterval }

    func start() {
        let signal = StreamSignal(
            to: TestTarget { [weak self] _ in
                guard let self else { return }
                queue.async { self.pull() }
            })
        self.signal.withLock { $0 = signal }
        // In the very call that answers, as the server does it.
        queue.sync {
            streaming.began(signal)
            pull()
        }
    }

    /// Takes nothing more, as a client does whose socket is full.
    func pause() { queue.sync { state.withLock { $0.reads = false } } }

    /// Takes what there is, and what comes.
    func resume() {
        queue.sync {
            state.withLock { $0.reads = true }
            pull()
        }
    }

    /// Closes the connection.
    func leave() { queue.sync { over() } }

    /// Lets the time pass after which silence is broken.
    func beQuiet() {
        queue.sync {
            guard !state.withLock({ $0.isOver }) else { return }
            take(streaming.heartbeat())
        }
    }

    /// The next event at or after a place that is wanted.
    func event(_ isWanted: @escaping @Sendable (EventStreamParser.Event) -> Bool) async throws
        -> EventStreamParser.Event
    {
        let item = try await items.first { item in
            if case .event(let event) = item { isWanted(event) } else { false }
        }
        guard case .event(let event) = item else { preconditionFailure("only events are wanted") }
        return event
    }

    var events: [EventStreamParser.Event] {
        items.all.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    private func pull() {
        signal.withLock { $0 }?.noted()
        while state.withLock({ $0.reads && !$0.isOver }) {
            switch streaming.next(Streaming.pieceSize) {
            case .bytes(let piece): take(piece)
            case .nothing: return
            case .end:
                over()
                finished.record(())
                return
            }
        }
    }

    private func take(_ piece: [UInt8]) {
        seen(piece)
        let items = state.withLock { state in
            state.taken += piece.count
            return state.parser.take(piece)
        }
        for item in items { self.items.record(item) }
    }

    private func over() {
        let isFirst = state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        if isFirst { streaming.ended() }
    }
}
