import DequeModule
import Locking
package import Loops

/// Limits how many of a backend's sessions sign in at one time, and how many begin to in a second; the others wait.
///
/// A backend that comes back has thousands of sessions at its door, and small servers fall over again under them. First
/// sign-ins, for which a person waits, go before those of sessions that come back.
package final class SignInSemaphore: Sendable {
    /// Names a permit, from the moment that it is asked for.
    package typealias Permit = UInt64
    /// Runs a body once after a delay, on whatever thread.
    package typealias Alarm = @Sendable (Duration, @escaping @Sendable () -> Void) -> Void

    /// What the time between two permits is a multiple of at random: half of it to one and a half times.
    ///
    /// Sessions that were lost together would else knock in step for good.
    private static let jitter = 0.5..<1.5
    /// Intervals that may be caught up: an alarm that comes late costs nothing, and a quiet server's first few wait for nothing.
    private static let mostBehind = 5

    private struct State: Sendable {
        var lastPermit: Permit = 0
        var held: Set<Permit> = []
        var waiting: [Permit: @Sendable (Permit) -> Void] = [:]
        /// Those of them for which somebody has come to wait.
        var promoted: Set<Permit> = []
        /// Permits that were released meanwhile stay in the queues and are passed over.
        var firstSignIns: Deque<Permit> = []
        var otherSignIns: Deque<Permit> = []
        /// The next permit is not given before.
        var notBefore: MonotonicInstant?
        /// Of whoever asked last.
        var alarm: Alarm?
        var isAlarmSet = false
    }

    private let limit: Int
    /// The mean time between two permits; nil for none.
    private let interval: Duration?
    private let chance: @Sendable () -> Double
    private let now: @Sendable () -> MonotonicInstant
    private let state = Locked(State())

    /// - Parameters:
    ///   - limit: permits at one time; at least one.
    ///   - perSecond: permits that are given in a second; nil for no limit.
    ///   - chance: uniformly from 0 up to 1.
    package init(
        limit: Int, perSecond: Int? = nil, chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        now: @escaping @Sendable () -> MonotonicInstant = { .now }
    ) {
        self.limit = max(1, limit)
        interval = perSecond.map { .seconds(1) / max(1, $0) }
        self.chance = chance
        self.now = now
    }

    /// How many permits are held now.
    package var inFlight: Int { state.withLock { $0.held.count } }

    /// Places in the queues, with those that will be passed over.
    var places: Int { state.withLock { $0.firstSignIns.count + $0.otherSignIns.count } }

    /// Asks for a permit; `granted` is called with it, perhaps before this returns, from any thread.
    ///
    /// - Parameter alarm: what says when the next is due; needed where there are so many in a second.
    package func acquire(
        isFirst: Bool, alarm: Alarm? = nil, granted: @escaping @Sendable (Permit) -> Void
    ) -> Permit {
        let permit = state.withLock { state in
            if let alarm { state.alarm = alarm }
            state.lastPermit += 1
            state.waiting[state.lastPermit] = granted
            if isFirst {
                state.firstSignIns.append(state.lastPermit)
            } else {
                state.otherSignIns.append(state.lastPermit)
            }
            return state.lastPermit
        }
        grantNext()
        return permit
    }

    /// Somebody waits for what was asked for: it goes with the first sign-ins, behind those that are there.
    package func promote(_ permit: Permit) {
        state.withLock { state in
            // Once, however many wait. In its old queue it is passed over then.
            guard state.waiting[permit] != nil, state.promoted.insert(permit).inserted else { return }
            state.firstSignIns.append(permit)
        }
    }

    /// Gives a permit back, or leaves the queue for it.
    package func release(_ permit: Permit) {
        state.withLock { state in
            state.waiting[permit] = nil
            state.promoted.remove(permit)
            state.held.remove(permit)
        }
        grantNext()
    }

    private func grantNext() {
        let now = now()
        let (granted, alarm, delay) = state.withLock { state in
            var granted: [(Permit, @Sendable (Permit) -> Void)] = []
            while state.held.count < limit, !state.waiting.isEmpty {
                if let notBefore = state.notBefore, notBefore > now {
                    guard !state.isAlarmSet, let alarm = state.alarm else { break }
                    state.isAlarmSet = true
                    return (granted, Optional(alarm), notBefore - now)
                }
                guard let permit = state.firstSignIns.popFirst() ?? state.otherSignIns.popFirst()
                else { break }
                guard let body = state.waiting.removeValue(forKey: permit) else { continue }
                state.held.insert(permit)
                granted.append((permit, body))
                guard let interval else { continue }
                let earliest = now - interval * Self.mostBehind
                state.notBefore =
                    max(state.notBefore ?? earliest, earliest)
                    + interval * (Self.jitter.lowerBound + chance() * (Self.jitter.upperBound - Self.jitter.lowerBound))
            }
            return (granted, nil, .zero)
        }
        for (permit, body) in granted { body(permit) }
        alarm?(delay) { [weak self] in self?.alarmRang() }
    }

    private func alarmRang() {
        state.withLock { $0.isAlarmSet = false }
        grantNext()
    }
}
