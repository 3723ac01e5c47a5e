import FoundationEssentials

/// A time as the API writes it: RFC 3339 in UTC with milliseconds.
struct Timestamp: Encodable, Sendable, Comparable {
    /// Milliseconds since 1970.
    let milliseconds: Int64

    static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// A later time, rounded up: nobody is told to come a little too soon.
    func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let millisecond: Int64 = 1_000_000_000_000_000
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + (attoseconds + millisecond - 1) / millisecond)
    }

    var text: String {
        // From whole milliseconds, because a fraction of seconds as a Double is rounded down to one less now and then.
        let (seconds, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let digits = String(fraction)
        return whole.dropLast() + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
    }
}
