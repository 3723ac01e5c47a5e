/// Measures the turns of a loop by their parts, and says which took too long.
struct TurnWatch {
    private let time: @Sendable () -> ContinuousClock.Instant
    /// The part that goes on, and since when.
    private var part = LongTurn.Part.events
    private var since: ContinuousClock.Instant?
    /// By the number of each part.
    private var parts = InlineArray<8, Duration>(repeating: .zero)
    private var slowest: (head: RequestHead, duration: Duration)?

    /// `time` is what the turns are measured by.
    init(time: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.time = time
        since = time()
    }

    /// A turn begins, with the events; its time does with `resume`.
    mutating func begin() {
        part = .events
        parts = InlineArray(repeating: .zero)
        slowest = nil
        since = nil
    }

    /// The time from now on is the watch's.
    mutating func resume() { since = time() }

    /// The time from now on is somebody else's.
    mutating func pause() {
        _ = closePart()
        since = nil
    }

    /// What all parts of the turn have taken so far.
    var spent: Duration { LongTurn.Part.allCases.reduce(.zero) { $0 + parts[$1.rawValue] } }

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

    /// What there is to say of a turn that took `whole` with all that others did in it.
    func end(_ whole: Duration) -> LongTurn {
        var most = LongTurn.Part.events
        for part in LongTurn.Part.allCases where parts[part.rawValue] > parts[most.rawValue] { most = part }
        return LongTurn(
            duration: whole, part: most, partDuration: parts[most.rawValue], slowest: slowest?.head)
    }

    /// Counts the time since the last change for the part that went on.
    private mutating func closePart() -> Duration {
        guard let begin = since else { return .zero }
        let now = time()
        let duration = now - begin
        since = now
        parts[part.rawValue] += duration
        return duration
    }
}
