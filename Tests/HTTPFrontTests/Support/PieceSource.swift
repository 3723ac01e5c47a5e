import HTTPFront
import Locking
import TestSupport

/// Gives a stream the pieces that a test hands it, and counts what becomes of it.
final class PieceSource: Sendable {
    private struct State: Sendable {
        var pieces: [[UInt8]] = []
        var isWhole = false
        var asked = 0
    }

    let began = Recorder<StreamSignal>()
    let ended = Count()
    private let state = Locked(State())
    private let heartbeatInterval: Duration
    private let headers: HeaderFields

    init(heartbeatInterval: Duration = .seconds(600), headers: HeaderFields = [("Content-Type", "text/plain")]) {
        self.heartbeatInterval = heartbeatInterval
        self.headers = headers
    }

    /// How often it was asked for a piece.
    var asked: Int { state.withLock { $0.asked } }

    func add(_ text: String) {
        state.withLock { $0.pieces.append(Array(text.utf8)) }
        wakeAll()
    }

    func finish() {
        finishUnheard()
        wakeAll()
    }

    /// The same, and somebody else wakes the streams.
    func finishUnheard() { state.withLock { $0.isWhole = true } }

    private func wakeAll() { for signal in began.all { signal.wake() } }

    var streaming: Streaming {
        Streaming(
            Response(status: 200, headers: headers), heartbeatInterval: heartbeatInterval,
            began: { self.began.record($0) },
            next: { _ in
                self.state.withLock { state in
                    state.asked += 1
                    if !state.pieces.isEmpty { return .bytes(state.pieces.removeFirst()) }
                    return state.isWhole ? .end : .nothing
                }
            },
            heartbeat: { Array("(quiet)".utf8) }, refused: { Response(status: 503, text: "draining") },
            ended: { self.ended.add() })
    }
}
