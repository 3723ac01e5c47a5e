import Synchronization

/// What all loops of a server count together.
final class Counters: Sendable {
    private let connections = Atomic(0)
    private let parked = Atomic(0)
    private let streams = Atomic(0)
    private let requests = Atomic(0)
    private let stuck = Atomic(0)
    private let spurious = Atomic(0)
    private let longTurns = Atomic(0)

    // Relaxed throughout: each is a number of its own, and nothing else is read on the strength of it.

    func connectionOpened() { connections.wrappingAdd(1, ordering: .relaxed) }
    func connectionClosed() { connections.wrappingSubtract(1, ordering: .relaxed) }
    func requestParked() { parked.wrappingAdd(1, ordering: .relaxed) }
    func requestResumed() { parked.wrappingSubtract(1, ordering: .relaxed) }
    func streamOpened() { streams.wrappingAdd(1, ordering: .relaxed) }
    func streamClosed() { streams.wrappingSubtract(1, ordering: .relaxed) }
    func requestCame() { requests.wrappingAdd(1, ordering: .relaxed) }

    func connectionStuck() { stuck.wrappingAdd(1, ordering: .relaxed) }
    func ranSpuriously() { spurious.wrappingAdd(1, ordering: .relaxed) }
    func turnWasLong() { longTurns.wrappingAdd(1, ordering: .relaxed) }

    func statistics(refused: [ConnectionRefusal: Int]) -> HTTPStatistics {
        HTTPStatistics(
            connections: connections.load(ordering: .relaxed), parked: parked.load(ordering: .relaxed),
            streams: streams.load(ordering: .relaxed), requests: requests.load(ordering: .relaxed),
            stuck: stuck.load(ordering: .relaxed), spurious: spurious.load(ordering: .relaxed),
            longTurns: longTurns.load(ordering: .relaxed), refused: refused)
    }
}
