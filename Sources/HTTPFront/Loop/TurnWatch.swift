import Loops

/// Measures the turns of a loop by their parts, and says which took too long.
struct TurnWatch {
    private let time: @Sendable () -> MonotonicInstant
    /// The part that goes on, and since when.
    private var part = LongTurn.Part.events
    private var since: MonotonicInstant?
    /// By the number of each part.
    private var parts = InlineArray<8, Duration>(repeating: .zero)
    private var slowest: (head: RequestHead, duration: Duration)?

    /// `time` is what the turns are measured by.
    init(time: @escaping @Sendable () -> MonotonicInstant) {
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

    /// The time from that moment on is the watch's.
    mutating func resume(at now: MonotonicInstant) { since = now }

    /// The time from that moment on is somebody else's.
    mutating func pause(at now: MonotonicInstant) {
        _ = closePart(now)
        since = nil
    }

    /// What all parts of the turn have taken so far.
    var spent: Duration { LongTurn.Part.allCases.reduce(.zero) { $0 + parts[$1.rawValue] } }

    /// What follows is of another part; returns the one so far, to come back to.
    ///
    /// - Parameter isDone: whether anything was done since the last change: if not, no time has passed either, and nobody looks
    ///   at the clock.
    @discardableResult
    mutating func enter(_ next: LongTurn.Part, after isDone: Bool = true) -> LongTurn.Part {
        defer { part = next }
        if isDone { _ = closePart(time()) }
        return part
    }

    /// A request has been handled, since the last `enter`; what follows is of another part.
    mutating func handled(_ head: RequestHead?, next: LongTurn.Part) {
        let duration = closePart(time())
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
    private mutating func closePart(_ now: MonotonicInstant) -> Duration {
        guard let begin = since else { return .zero }
        let duration = now - begin
        since = now
        parts[part.rawValue] += duration
        return duration
    }
}
