import Locking

/// What the doctor has made at the gateway, which is taken back at its end, or when somebody interrupts it.
package final class Leftovers: Sendable {
    private struct State: Sendable {
        var requests: [HTTPRequest] = []
        var isOver = false
    }

    private let state = Locked(State())

    package init() {}

    /// Keeps the request that takes something back.
    func note(_ request: HTTPRequest) { state.withLock { $0.requests.append(request) } }

    /// Whether it was taken back, so that nothing more is to be made.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Takes back what is still there, each thing once, the last first.
    func takeBack(_ client: any HTTPAsking) async {
        state.withLock { $0.isOver = true }
        while let request = state.withLock({ $0.requests.popLast() }) { _ = try? await client.ask(request) }
    }
}
