import ByteText

/// How long a receiver asks to be left alone (RFC 9110, 10.2.3): `120`, or `Wed, 21 Oct 2026 07:28:00 GMT`.
package enum RetryAfter {
    /// The wait that a value asks for, from none to `WebhookBackoff.longest`; nil where it is neither form.
    ///
    /// - Parameter seconds: what time it is, in seconds since 1970.
    package static func wait(_ value: some Collection<UInt8>, at seconds: Int64) -> Duration? {
        let text = Array(value)
        guard !text.isEmpty, text.count <= 32 else { return nil }
        let longest = WebhookBackoff.longest.components.seconds
        if text.allSatisfy(ASCII.isDigit) {
            // More digits than a number has are longer than anything that is honoured.
            return .seconds(min(Int64(String(decoding: text, as: UTF8.self)) ?? longest, longest))
        }
        return date(text).map { .seconds(min(max($0 - seconds, 0), longest)) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970 of the form that all senders use (RFC 9110, 5.6.7); the two obsolete ones are none.
    private static func date(_ text: [UInt8]) -> Int64? {
        let words = String(decoding: text, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].utf8.count == 4, words[0].utf8.last == UInt8(ascii: ","), words[5] == "GMT",
            let month = months.firstIndex(where: { words[2] == $0 }), let day = number(words[1], 2),
            let year = number(words[3], 4)
        else { return nil }
        let time = words[4].split(separator: ":", omittingEmptySubsequences: false).map { number($0, 2) }
        guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2], (1...31).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return days(year, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy(ASCII.isDigit) else { return nil }
        return Int64(text)
    }

    /// Days since 1970, in the Gregorian calendar; years begin in March, so that a leap day is the last of its year.
    private static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let ofYear = (153 * Int64((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + ofYear - 719_468
    }
}
