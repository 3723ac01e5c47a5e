import Gateway
import Glibc

/// Times of day in the forms in which they come, as seconds since 1970.
enum WallTime {
    /// Seconds since 1970, by this machine's clock.
    static var now: Int64 { Int64(Glibc.time(nil)) }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A `Date` field (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
    static func seconds(ofField text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT" else { return nil }
        return seconds(year: words[3], month: words[2], day: words[1], time: words[4])
    }

    /// As libcurl prints a certificate's: `Nov  6 08:49:37 1994 GMT`, or `1994-11-06 08:49:37 GMT`; nil for anything else.
    static func seconds(ofCertificate text: String) -> Int64? {
        let words = text.split(separator: " ")
        if words.count == 5, words[4] == "GMT" {
            return seconds(year: words[3], month: words[0], day: words[1], time: words[2])
        }
        guard words.count == 3, words[2] == "GMT" else { return nil }
        let date = words[0].split(separator: "-")
        guard date.count == 3, let month = Int(date[1]), months.indices.contains(month - 1) else { return nil }
        return seconds(year: date[0], month: Substring(months[month - 1]), day: date[2], time: words[1])
    }

    /// The time for people, `1994-11-06T08:49:37.000Z`.
    static func text(_ seconds: Int64) -> String {
        Timestamp(milliseconds: seconds.multipliedReportingOverflow(by: 1_000).partialValue).text
    }

    private static func seconds(year: Substring, month: Substring, day: Substring, time: Substring) -> Int64? {
        guard let month = months.firstIndex(of: String(month)) else { return nil }
        let day = day.count == 1 ? "0\(day)" : "\(day)"
        let text = "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day)T\(time).000Z"
        return Timestamp(parsing: text).map { $0.milliseconds / 1_000 }
    }
}
