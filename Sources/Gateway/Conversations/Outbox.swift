import Locking
import MSNP

/// How fast a session may send, and the calls that wait for what becomes of its messages.
final class Outbox: Sendable {
    private struct State: Sendable {
        var pace = SendingPace()
        var rate = TokenBucket(SendingPace())
        var waiters: [OutgoingMessageID: @Sendable (SettledMessage) -> Void] = [:]
        /// The same for calls with keys, whose caller may ask again later.
        var keys: [OutgoingMessageID: @Sendable (SettledMessage, Problem?) -> Void] = [:]
    }

    private let state = Locked(State())

    /// How fast it may be.
    var pace: SendingPace { state.withLock { $0.pace } }

    /// Goes on at another pace; what was sent lately counts as it did, as far as that goes.
    func change(to pace: SendingPace, at uptime: Duration) {
        state.withLock { state in
            guard state.pace != pace else { return }
            state.pace = pace
            state.rate.change(to: pace, at: uptime)
        }
    }

    /// How many messages more may be sent at once, and when there will be another.
    func limit(at uptime: Duration) -> ServiceLimit {
        let (pace, remaining) = state.withLock { ($0.pace, $0.rate.remaining(at: uptime)) }
        return ServiceLimit(
            name: .messages, quota: pace.messageBurst, window: pace.window, remaining: remaining,
            wait: remaining < pace.messageBurst ? TokenBucket.longestInterval : nil)
    }

    /// One message more; the time until it may be sent, nil for at once.
    func take(at uptime: Duration) -> Duration? { state.withLock { $0.rate.take(at: uptime) } }

    /// Calls back once, when the message has its outcome.
    func wait(for id: OutgoingMessageID, _ body: @escaping @Sendable (SettledMessage) -> Void) {
        state.withLock { $0.waiters[id] = body }
    }

    /// Calls back once, when the message has its outcome, whether the call still waits for it or not.
    ///
    /// - Parameter body: is told of the message, and of what is in the way of others then, under the session's lock.
    func follow(_ id: OutgoingMessageID, _ body: @escaping @Sendable (SettledMessage, Problem?) -> Void) {
        state.withLock { $0.keys[id] = body }
    }

    /// The message is not sent after all.
    func withdraw(_ id: OutgoingMessageID) {
        state.withLock { state in
            state.waiters[id] = nil
            state.keys[id] = nil
        }
    }

    /// Nobody waits for the message any more.
    func stopWaiting(for id: OutgoingMessageID) { state.withLock { $0.waiters[id] = nil } }

    /// These have their outcome: their keys hear of it before anybody can have seen it, who may ask again at once.
    ///
    /// Called under the session's lock.
    func settleKeys(_ messages: [(id: OutgoingMessageID, message: SettledMessage)], _ obstacle: Problem?) {
        let due = state.withLock { state in
            messages.compactMap { id, message in state.keys.removeValue(forKey: id).map { ($0, message) } }
        }
        for (key, message) in due { key(message, obstacle) }
    }

    /// Those who wait for them hear of it; without any lock.
    func settle(_ messages: [(id: OutgoingMessageID, message: SettledMessage)]) {
        guard !messages.isEmpty else { return }
        let due = state.withLock { state in
            messages.compactMap { id, message in state.waiters.removeValue(forKey: id).map { ($0, message) } }
        }
        for (waiter, message) in due { waiter(message) }
    }
}
