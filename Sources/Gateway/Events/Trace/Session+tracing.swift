import HTTPFront
import Locking
import MSNP
import MSNPClient

extension Session {
    /// Streams what its connections say, from now on.
    ///
    /// Throws `Problem` 429 when too many look on already.
    func trace() throws(Problem) -> Answer {
        let number = try state.withLock { state throws(Problem) -> UInt64? in
            if state.record.hasEnded { return nil }
            guard state.traces.count < environment.limits.tracesPerSession else {
                throw Problem(
                    .rateLimited, "\(environment.limits.tracesPerSession) traces of this session are open already."
                )
                .retrying(after: 1)
            }
            state.streamsMade += 1
            return state.streamsMade
        }
        guard let number else { return .now(.noContent) }
        return .stream(
            .events(
                began: { self.beginTrace(number, TraceQueue($0)) },
                next: { size in
                    guard let queue = self.state.withLock({ $0.traces[number] }) else { return .end }
                    return queue.next(size)
                },
                heartbeat: { EventStreamText.comment },
                ended: {
                    self.use(at: self.environment.clock.uptime())
                    self.state.withLock { state in
                        state.traces[number] = nil
                        if state.traces.isEmpty { self.tap.watch(nil) }
                    }
                }))
    }

    private func beginTrace(_ number: UInt64, _ queue: TraceQueue) {
        let isOver = state.withLock { state in
            state.traces[number] = queue
            if state.traces.count == 1 {
                tap.watch { [weak self] direction, frame, connection in self?.show(frame, direction, connection) }
            }
            return state.record.hasEnded && state.client == nil
        }
        // It may have ended between the look and now.
        if isOver { queue.close() }
    }

    /// On the connection's event loop.
    private func show(_ frame: Frame, _ direction: Direction, _ connection: WireConnection) {
        let queues = state.withLock { Array($0.traces.values) }
        guard !queues.isEmpty else { return }
        let type =
            switch direction {
            case .fromClient: "sent"
            case .fromServer: "received"
            }
        let record = TraceRecord(frame, direction, connection, at: environment.clock.now)
        var text: [UInt8] = []
        EventStreamText.append(type, JSONText.encode(record), to: &text)
        for queue in queues { queue.append(text) }
    }

    /// After the last frame: `OUT` is said when the session has ended already.
    func closeTraces() {
        for queue in state.withLock({ Array($0.traces.values) }) { queue.close() }
    }
}
