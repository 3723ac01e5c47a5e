import Foundation
import Testing

@testable import Gateway

@Suite struct TimestampTests {
    @Test(
        "Days that other calendars stumble over",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-86_400_000, "1969-12-31T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func days(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect(Timestamp(parsing: text)?.milliseconds == milliseconds)
    }

    @Test("Beyond RFC 3339 every time has a text")
    func far() {
        #expect(Timestamp(milliseconds: 253_402_300_800_000).text == "10000-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: -62_167_219_200_001).text == "-0001-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .max).text == "292278994-08-17T07:12:55.807Z")
        #expect(Timestamp(milliseconds: .min).text == "-292275055-05-16T16:47:04.192Z")
    }

    @Test("Foundation writes the same")
    func foundation() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: 0..<253_402_300_800, using: &generator)
            let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
            #expect(Timestamp(milliseconds: seconds * 1000).text == whole.dropLast() + ".000Z")
        }
    }

    @Test("Days and dates are one to one, through all four hundred years")
    func calendar() {
        var last = CivilDate(day: -1_000_000)
        for day in Int64(-999_999)..<(-999_999 + 146_097) {
            let date = CivilDate(day: day)
            #expect(date.number == day)
            #expect(
                date.day == last.day + 1 && date.month == last.month && date.year == last.year
                    || date.day == 1 && date.month == last.month % 12 + 1 && date.year == last.year + last.month / 12)
            last = date
        }
    }

    @Test(
        "A time in other words is not ours",
        arguments: [
            "", "2024-02-30T00:00:00.000Z", "2023-02-29T00:00:00.000Z", "2024-13-01T00:00:00.000Z",
            "2024-00-01T00:00:00.000Z", "2024-01-00T00:00:00.000Z", "2024-01-01T24:00:00.000Z",
            "2024-01-01T00:60:00.000Z", "2024-01-01T00:00:60.000Z", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.00Z",
            "2024-01-01T00:00:00.0000Z", "2024-01-01t00:00:00.000Z", "2024-01-01T00:00:00.000z",
            "2024-01-01T00:00:00.000+00:00", " 024-01-01T00:00:00.000Z", "+024-01-01T00:00:00.000Z",
            "٢٠٢٤-01-01T00:00:00.000Z", "2024-01-01T00:00:00.000Z\n", "10000-01-01T00:00:00.000Z",
        ])
    func others(text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }
}
