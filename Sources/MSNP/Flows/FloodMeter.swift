/// Tells a server that is busy from one that floods: a token bucket, refilled with time and emptied by frames.
///
/// A value: frames and times go in, verdicts come out. Each connection has one of its own.
///
/// A unit is a list line, the cheapest thing there is. The fullest account known signs in with some 30,000 units
/// (docs/protocol.md#limits: 4,700 list lines, each with up to four phones behind it, then 1,000 `ILN`s); its whole
/// forward list changing its status at once is 4,000.
package struct FloodMeter: Equatable, Sendable {
    /// Units that may come at once: twice the fullest sign-in, which is 15,000 changes of presence.
    package static let burst: Int64 = 60_000
    /// Units for each second after that: 250 changes of presence, for 1,000 contacts who each change every four seconds.
    package static let sustained: Int64 = 1_000
    /// The cost of a line that is no list line: it becomes an event, which is encoded, stored and delivered.
    package static let eventCost: Int64 = 4
    /// A challenge makes us compute and answer; servers send one every few minutes (docs/protocol.md#challenges).
    package static let challengeCost: Int64 = 40
    /// Bytes for which a unit more is charged: lines are shorter, and a payload of the largest size costs 64 events.
    package static let bytesPerUnit = 256

    private static let nanosecondsPerUnit = 1_000_000_000 / sustained
    private static let capacity = burst * nanosecondsPerUnit

    /// What is left, in nanoseconds of refilling, so that no fraction of a unit is lost between two frames.
    private var left = capacity
    /// When it was refilled last; nil before the first frame.
    private var filled: Int64?

    package init() {}

    /// Charges a frame; false when the server has sent more than any session needs.
    ///
    /// - Parameter now: nanoseconds of a clock that never goes back.
    package mutating func admits(_ frame: Frame, at now: Int64) -> Bool {
        let elapsed = min(Self.capacity, max(0, now - (filled ?? now)))
        filled = now
        left = min(Self.capacity, left + elapsed)
        left -= Self.cost(of: frame) * Self.nanosecondsPerUnit
        guard left < 0 else { return true }
        left = 0
        return false
    }

    private static func cost(of frame: Frame) -> Int64 {
        let cost =
            switch frame.command {
            case "LST", "BPR": 1 as Int64
            case "CHL": challengeCost
            default: eventCost
            }
        let bytes = frame.parameters.reduce(frame.payload?.count ?? 0) { $0 + $1.utf8.count }
        return cost + Int64(bytes / bytesPerUnit)
    }
}
