import Testing

@testable import Webhooks

@Suite struct RetryAfterTests {
    /// Wed, 21 Oct 2026 07:28:00 GMT.
    private static let time: Int64 = 1_792_567_680

    @Test(
        "Seconds, or a date; an hour at most",
        arguments: [
            ("0", 0), ("120", 120), ("3600", 3_600), ("3601", 3_600), ("99999999999999999999999999", 3_600),
            ("Wed, 21 Oct 2026 07:28:30 GMT", 30), ("Wed, 21 Oct 2026 07:27:00 GMT", 0),
            ("Thu, 22 Oct 2026 07:28:00 GMT", 3_600), ("Fri, 01 Jan 2038 00:00:00 GMT", 3_600),
            ("", nil), ("-1", nil), ("1.5", nil), ("soon", nil), ("Wed, 21 Oct 2026 07:28:30", nil),
            ("Wed, 21 Okt 2026 07:28:30 GMT", nil), ("Wed, 32 Oct 2026 07:28:30 GMT", nil),
            ("Wed, 21 Oct 2026 24:28:30 GMT", nil), ("Wednesday, 21-Oct-26 07:28:30 GMT", nil),
            ("Wed, +1 Oct 2026 07:28:30 GMT", nil), ("Wed, 21 Oct 2026 07:28:30 GMT ", nil),
        ] as [(String, Int64?)])
    func wishes(value: String, seconds: Int64?) {
        #expect(RetryAfter.wait(value.utf8, at: Self.time) == seconds.map { .seconds($0) })
    }

    @Test(
        "Dates around the ends of months and years",
        arguments: [
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
            ("Sun, 31 Dec 2023 23:59:59 GMT", 1_704_067_199), ("Thu, 01 Jan 1970 00:00:10 GMT", 10),
            ("Sun, 01 Mar 2026 00:00:00 GMT", 1_772_323_200), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ] as [(String, Int64)])
    func dates(value: String, time: Int64) {
        #expect(RetryAfter.wait(value.utf8, at: time - 7) == .seconds(7))
    }
}
