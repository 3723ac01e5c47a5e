import Locking
import NIOCore

/// Connections of one backend that were lost at about the same time: what a server that is restarted leaves.
///
/// The session that was lost first learns of the others after the fact, so it keeps the wave and is called back.
final class LossWave: Sendable {
    /// From one loss to the next of the same wave: a server that goes down closes thousands of connections in that time, and
    /// one that throws out a single session does no more to others.
    static let gap: TimeAmount = .seconds(5)

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

    /// Another loss belongs to it; the session that has it alone so far is told if this one is another's.
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
