/// Measures the turns of a loop by their parts, and says which took too long.
struct TurnWatch {
    private let time: @Sendable () -> ContinuousClock.Instant
    private var start: ContinuousClock.Instant
    /// The part that goes on, and since when.
    private var part = LongTurn.Part.events
    private var since: ContinuousClock.Instant
    /// By the number of each part.
    private var spent = InlineArray<8, Duration>(repeating: .zero)
    private var slowest: (head: RequestHead, duration: Duration)?

    /// `time` is what the turns are measured by.
    init(time: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.time = time
        start = time()
        since = start
    }

    /// A turn begins, with the events.
    mutating func begin() {
        start = time()
        since = start
        part = .events
        spent = InlineArray(repeating: .zero)
        slowest = nil
    }

    /// What follows is of another part; returns the one so far, to come back to.
    @discardableResult
    mutating func enter(_ next: LongTurn.Part) -> LongTurn.Part {
        defer { part = next }
        _ = closePart()
        return part
    }

    /// A request has been handled, since the last `enter`; what follows is of another part.
    mutating func handled(_ head: RequestHead?, next: LongTurn.Part) {
        let duration = closePart()
        part = next
        if let head, duration > slowest?.duration ?? .zero { slowest = (head, duration) }
    }

    /// The turn is over; what there is to say of it, mostly nothing.
    mutating func end() -> LongTurn? {
        _ = closePart()
        let duration = since - start
        guard duration > LongTurn.limit else { return nil }
        var most = LongTurn.Part.events
        for part in LongTurn.Part.allCases where spent[part.rawValue] > spent[most.rawValue] { most = part }
        return LongTurn(
            duration: duration, part: most, partDuration: spent[most.rawValue], slowest: slowest?.head)
    }

    /// Counts the time since the last change for the part that went on.
    private mutating func closePart() -> Duration {
        let now = time()
        let duration = now - since
        since = now
        spent[part.rawValue] += duration
        return duration
    }
}
