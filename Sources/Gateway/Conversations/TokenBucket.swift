/// Lets so many through at once, and so many a second from then on.
///
/// A value: times come in, decisions come out.
struct TokenBucket: Sendable {
    private let interval: Duration
    private let burst: Int
    /// When the bucket is full again; each that is let through puts it off by an interval.
    private var full: Duration?

    /// - Parameters:
    ///   - perSecond: at least 1.
    ///   - burst: at least 1.
    init(perSecond: Int, burst: Int) {
        interval = .seconds(1) / perSecond
        self.burst = burst
    }

    /// Lets one through; else how long to wait before the next would be.
    mutating func take(at now: Duration) -> Duration? {
        let full = max(self.full ?? now, now)
        let wait = full + interval - (now + interval * burst)
        guard wait <= .zero else { return wait }
        self.full = full + interval
        return nil
    }
}
