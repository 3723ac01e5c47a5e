import MSNP

/// Slows down the guessing of passwords: after a few failures for one account from one address, each next attempt has
/// to wait twice as long as the one before.
///
/// A value: times come in, decisions come out.
struct SignInThrottle: Sendable {
    /// What failures are counted for.
    struct Key: Hashable, Sendable {
        let backend: String
        let account: HandleKey
        let address: String
    }

    private struct Failures: Sendable {
        var count: Int
        var last: Duration
        /// Before this nothing is tried.
        var blockedUntil: Duration
    }

    /// Failures without a wait: people mistype.
    static let free = 5
    /// The longest wait: a person who has found the password again is not kept out for good.
    static let longest: Duration = .seconds(300)
    /// Failures that long ago are forgotten.
    static let memory: Duration = .seconds(3600)
    /// Keys kept at most: an attacker who varies account or address can't fill the memory.
    static let mostKeys = 100_000

    private var failures: [Key: Failures] = [:]

    /// How long the next attempt has to wait; zero when it may go ahead.
    mutating func delay(for key: Key, now: Duration) -> Duration {
        guard let known = failures[key] else { return .zero }
        if now - known.last > Self.memory {
            failures[key] = nil
            return .zero
        }
        return max(.zero, known.blockedUntil - now)
    }

    /// A password was wrong.
    mutating func recordFailure(of key: Key, now: Duration) {
        if failures[key] == nil, failures.count >= Self.mostKeys { forgetOld(now: now) }
        var known = failures[key] ?? Failures(count: 0, last: now, blockedUntil: .zero)
        known.count += 1
        known.last = now
        if known.count > Self.free {
            // 1, 2, 4 … s.
            let doublings = min(known.count - Self.free - 1, 16)
            known.blockedUntil = now + min(.seconds(1 << doublings), Self.longest)
        }
        failures[key] = known
    }

    /// A password was right.
    mutating func recordSuccess(of key: Key) { failures[key] = nil }

    private mutating func forgetOld(now: Duration) {
        failures = failures.filter { now - $0.value.last <= Self.memory }
        // Still full: the attacker's newest entries matter least to anybody else, so all are dropped together.
        if failures.count >= Self.mostKeys { failures = [:] }
    }
}
