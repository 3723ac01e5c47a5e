/// A count that forgets one at a time: one for each interval that passes.
///
/// A value: times come in. It never exceeds what it is told to remember, so that no flood is held against anybody for
/// longer than that many intervals.
struct FadingCount: Sendable {
    /// When it is zero again.
    private var zero: Duration = .zero

    /// How many are remembered.
    func value(at now: Duration, fading interval: Duration) -> Int {
        guard zero > now else { return 0 }
        return Int(((zero - now) / interval).rounded(.up))
    }

    /// One more, up to `most`.
    mutating func add(at now: Duration, fading interval: Duration, upTo most: Int) {
        zero = min(max(zero, now) + interval, now + interval * most)
    }

    /// How long until fewer than `most` are remembered.
    func wait(at now: Duration, fading interval: Duration, below most: Int) -> Duration {
        max(.zero, zero - interval * (most - 1) - now)
    }
}

extension FadingCount {
    /// What is left of a quota, and when the next of it is there.
    func limit(_ name: ServiceLimit.Name, _ interval: Duration, _ quota: Int, _ now: Duration) -> ServiceLimit {
        let used = min(value(at: now, fading: interval), quota)
        return ServiceLimit(
            name: name, quota: quota, window: (interval * quota).wholeSeconds, remaining: quota - used,
            wait: used == 0 ? nil : wait(at: now, fading: interval, below: used).wholeSeconds)
    }
}
