/// A time as the program writes it: RFC 3339 in UTC with milliseconds.
package struct Timestamp: Sendable, Comparable {
    /// Milliseconds since 1970.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// A later time, rounded up: nobody is told to come a little too soon.
    func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let millisecond: Int64 = 1_000_000_000_000_000
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + (attoseconds + millisecond - 1) / millisecond)
    }

    /// `2026-01-31T12:00:00.000Z`.
    package var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what `text` has.
    ///
    /// RFC 3339 knows the years 0 to 9999. Years beyond have as many digits as they need, and those before a minus sign.
    func append(to bytes: inout [UInt8]) {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: Self.day)
        let date = CivilDate(day: rest < 0 ? whole - 1 : whole)
        let time = rest < 0 ? rest + Self.day : rest
        if date.year < 0 { bytes.append(UInt8(ascii: "-")) }
        Self.append(abs(date.year), 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(date.month, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(date.day, 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(time / 3_600_000, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(time / 60_000 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(time / 1_000 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(time % 1_000, 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Milliseconds of a day.
    static let day: Int64 = 86_400_000

    /// Appends a number with at least so many digits.
    private static func append(_ number: Int64, _ digits: Int, to bytes: inout [UInt8]) {
        let rest = number / 10
        if digits > 1 || rest > 0 { append(rest, digits - 1, to: &bytes) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}

extension Timestamp: JSONWritable {
    package func write(to json: inout JSONWriter) { json.plain { append(to: &$0) } }
}
