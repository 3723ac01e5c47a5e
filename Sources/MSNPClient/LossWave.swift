import Locking

/// Connections of one backend that were lost at about the same time, as when a server is restarted.
///
/// The session that was lost first learns of the others later, so it keeps the wave and is called back.
final class LossWave: Sendable {
    /// The longest time from one loss to the next of the same wave: a server that goes down closes thousands of
    /// connections in that time, and one that closes a single session leaves the others alone.
    static let gap: Duration = .seconds(5)

    private struct State: Sendable {
        let first: ObjectIdentifier
        var isShared = false
        var tell: (@Sendable () -> Void)?
    }

    private let state: Locked<State>

    init(first: ObjectIdentifier, tell: @escaping @Sendable () -> Void) {
        state = Locked(State(first: first, tell: tell))
    }

    /// Whether more than one session was lost.
    var isShared: Bool { state.withLock { $0.isShared } }

    /// Adds a loss; if it is the second session's, the first session is called back.
    func add(_ session: ObjectIdentifier) {
        let tell = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.isShared, state.first != session else { return nil }
            state.isShared = true
            defer { state.tell = nil }
            return state.tell
        }
        tell?()
    }
}
