import HTTPFront
import Locking
import MSNP
import MSNPClient

/// Who watches what a session's connections say.
final class Traces: Sendable {
    private struct State: Sendable {
        var queues: [UInt64: TraceQueue] = [:]
        /// So far; they are numbered.
        var made: UInt64 = 0
    }

    /// Where the frames can be watched.
    let tap: WireTap
    private let clock: GatewayClock
    private let state = Locked(State())

    init(of tap: WireTap, clock: GatewayClock) {
        self.tap = tap
        self.clock = clock
    }

    /// Whether nobody watches.
    var isEmpty: Bool { state.withLock { $0.queues.isEmpty } }

    /// How many more may watch.
    func limit(_ most: Int) -> ServiceLimit {
        .concurrent(.traces, used: state.withLock { $0.queues.count }, of: most)
    }

    /// Streams what the session's connections say, from now on.
    ///
    /// Throws `Problem` 429 when too many look on already.
    func open(of session: Session) throws(Problem) -> Answer {
        guard !session.hasEnded else { return .now(.noContent) }
        let most = session.environment.limits.tracesPerSession
        let number = try state.withLock { state throws(Problem) in
            guard state.queues.count < most else {
                throw Problem(.rateLimited, "\(most) traces of this session are open already.").retrying(after: 1)
                    .exceeding(.concurrent(.traces, used: state.queues.count, of: most))
            }
            state.made += 1
            return state.made
        }
        return .stream(
            .events(
                began: { self.begin(number, TraceQueue($0), of: session) },
                next: { size in self.state.withLock { $0.queues[number] }?.next(size) ?? .end },
                heartbeat: { EventStreamText.comment },
                ended: {
                    session.noteUse()
                    self.state.withLock { state in
                        state.queues[number] = nil
                        if state.queues.isEmpty { self.tap.watch(nil) }
                    }
                }))
    }

    /// Nothing comes any more: `OUT` is said when the session has ended already.
    func close() {
        for queue in state.withLock({ Array($0.queues.values) }) { queue.close() }
    }

    private func begin(_ number: UInt64, _ queue: TraceQueue, of session: Session) {
        state.withLock { state in
            state.queues[number] = queue
            guard state.queues.count == 1 else { return }
            tap.watch { [weak self] direction, frame, connection in self?.show(frame, direction, connection) }
        }
        // It may have ended between the look and now, and `close` have found nobody.
        if session.isOver { queue.close() }
    }

    /// On the connection's event loop.
    private func show(_ frame: Frame, _ direction: Direction, _ connection: WireConnection) {
        let queues = state.withLock { Array($0.queues.values) }
        guard !queues.isEmpty else { return }
        let type =
            switch direction {
            case .fromClient: "sent"
            case .fromServer: "received"
            }
        let record = TraceRecord(frame, direction, connection, at: clock.now)
        var text: [UInt8] = []
        EventStreamText.append(type, JSONWriter.bytes(of: record), to: &text)
        for queue in queues { queue.append(text) }
    }
}
