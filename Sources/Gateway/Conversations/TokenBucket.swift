/// Lets so many through at once, and so many a second from then on.
///
/// A value: times come in, decisions come out.
struct TokenBucket: Sendable {
    /// Seconds, rounded up, from one to the next: there is at least one a second.
    static let longestInterval = 1

    private var interval: Duration
    private var burst: Int
    /// When the bucket is full again; each that is let through puts it off by an interval.
    private var full: Duration?

    /// - Parameters:
    ///   - perSecond: at least 1.
    ///   - burst: at least 1.
    init(perSecond: Int, burst: Int) {
        interval = .seconds(1) / perSecond
        self.burst = burst
    }

    init(_ pace: SendingPace) { self.init(perSecond: pace.messagesPerSecond, burst: pace.messageBurst) }

    /// Lets one through; else how long to wait before the next would be.
    mutating func take(at now: Duration) -> Duration? {
        let full = max(self.full ?? now, now)
        let wait = full + interval - (now + interval * burst)
        guard wait <= .zero else { return wait }
        self.full = full + interval
        return nil
    }

    /// How many would be let through at once.
    func remaining(at now: Duration) -> Int {
        let room = now + interval * burst - max(full ?? now, now)
        // In whole numbers: a quotient of fractions is one too many or too few now and then.
        return max(0, Int(room.attoseconds / interval.attoseconds))
    }

    /// Goes on with other numbers, and with as many missing as before, if so many can be.
    mutating func change(to pace: SendingPace, at now: Duration) {
        let missing = min(burst - remaining(at: now), pace.messageBurst)
        self = TokenBucket(pace)
        full = now + interval * missing
    }
}
