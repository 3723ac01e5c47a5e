import ByteText

/// How long a receiver asks to be left alone (RFC 9110, 10.2.3): `120`, or `Wed, 21 Oct 2026 07:28:00 GMT`.
package enum RetryAfter {
    /// The wait that a value asks for, from none to `WebhookBackoff.longest`; nil where it has none of the forms.
    ///
    /// - Parameter seconds: what time it is, in seconds since 1970.
    package static func wait(_ value: some Collection<UInt8>, at seconds: Int64) -> Duration? {
        let text = Array(value)
        guard !text.isEmpty, text.count <= 40 else { return nil }
        let longest = WebhookBackoff.longest.components.seconds
        if text.allSatisfy(ASCII.isDigit) {
            // More digits than a number has are longer than anything that is honoured.
            return .seconds(min(Int64(String(decoding: text, as: UTF8.self)) ?? longest, longest))
        }
        return date(text, at: seconds).map { .seconds(min(max($0 - seconds, 0), longest)) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longWeekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Seconds since 1970 of any of the three forms that a recipient has to take (RFC 9110, 5.6.7).
    ///
    ///     Wed, 21 Oct 2026 07:28:00 GMT
    ///     Wednesday, 21-Oct-26 07:28:00 GMT
    ///     Wed Oct 21 07:28:00 2026
    ///
    /// Which weekday it says is not looked at.
    private static func date(_ text: [UInt8], at now: Int64) -> Int64? {
        let words = String(decoding: text, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        switch words.count {
        case 6 where isWeekday(words[0], weekdays, ",") && words[5] == "GMT":
            return date(words[1], words[2], number(words[3], 4), words[4])
        case 6 where isWeekday(words[0], weekdays, "") && words[2].isEmpty && words[3].utf8.count == 1:
            // A day of one digit has a second space before it.
            return date("0" + words[3], words[1], number(words[5], 4), words[4])
        case 5 where isWeekday(words[0], weekdays, ""):
            return date(words[2], words[1], number(words[4], 4), words[3])
        case 4 where isWeekday(words[0], longWeekdays, ",") && words[3] == "GMT":
            let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, let short = number(parts[2], 2) else { return nil }
            return date(parts[0], parts[1], year(short, at: now), words[2])
        default: return nil
        }
    }

    private static func isWeekday(_ word: Substring, _ names: [String], _ end: String) -> Bool {
        names.contains { word == $0 + end }
    }

    private static func date(_ day: Substring, _ month: Substring, _ year: Int64?, _ time: Substring) -> Int64? {
        guard let month = months.firstIndex(where: { month == $0 }), let day = number(day, 2), let year else {
            return nil
        }
        let time = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0, 2) }
        guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2], (1...31).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return days(year, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// The year that two digits mean: none that is more than 50 years ahead, but the one a century before (RFC 9110, 5.6.7).
    private static func year(_ digits: Int64, at now: Int64) -> Int64 {
        let thisYear = year(of: now)
        let year = thisYear - thisYear % 100 + digits
        if year > thisYear + 50 { return year - 100 }
        // Shortly before a century's end the next years are those of the next one.
        return year + 100 <= thisYear + 50 ? year + 100 : year
    }

    /// The year of a moment, in seconds since 1970.
    private static func year(of seconds: Int64) -> Int64 {
        let day = Int64((Double(seconds) / 86_400).rounded(.down))
        var year = 1970 + Int64((Double(day) / 365.2425).rounded(.down))
        while days(year + 1, 1, 1) <= day { year += 1 }
        while days(year, 1, 1) > day { year -= 1 }
        return year
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
