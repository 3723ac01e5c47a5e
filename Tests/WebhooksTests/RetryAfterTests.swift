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
            ("Wed, 21 Oct 2026 24:28:30 GMT", nil), ("Wed, 21 Oct  2026 07:28:30 GMT", nil),
            ("Wed, +1 Oct 2026 07:28:30 GMT", nil), ("Wed, 21 Oct 2026 07:28:30 GMT ", nil),
        ] as [(String, Int64?)])
    func wishes(value: String, seconds: Int64?) {
        #expect(RetryAfter.wait(value.utf8, at: Self.time) == seconds.map { .seconds($0) })
    }

    @Test(
        "The two obsolete forms of a date are taken as well",
        arguments: [
            ("Wednesday, 21-Oct-26 07:28:30 GMT", 30), ("Wednesday, 21-Oct-26 07:27:00 GMT", 0),
            ("Thursday, 22-Oct-26 07:28:00 GMT", 3_600),
            // 50 years are ahead, 51 are 49 behind.
            ("Wednesday, 21-Oct-76 07:28:30 GMT", 3_600), ("Friday, 21-Oct-77 07:28:30 GMT", 0),
            ("Friday, 31-Dec-99 23:59:59 GMT", 0),
            ("Wed Oct 21 07:28:30 2026", 30), ("Wed Oct 21 07:27:00 2026", 0), ("Sun Nov  1 07:28:00 2026", 3_600),
            ("Thu Oct  1 07:28:00 2026", 0),
            ("Wednesday, 21 Oct 2026 07:28:30 GMT", nil), ("Wed, 21-Oct-26 07:28:30 GMT", nil),
            ("Wednesday, 21-Oct-2026 07:28:30 GMT", nil), ("Wednesday, 21-Oct-26 07:28:30", nil),
            ("Wednesday 21-Oct-26 07:28:30 GMT", nil), ("Wednesday, 2-Oct-26 07:28:30 GMT", nil),
            ("Wed Oct 21 07:28:30 2026 GMT", nil), ("Wed Oct 1 07:28:30 2026", nil), ("Wed Oct  21 07:28:30 2026", nil),
            ("Wed Oct 21 07:28:30 26", nil), ("Wed, Oct 21 07:28:30 2026", nil), ("Wed Oct   07:28:30 2026", nil),
        ] as [(String, Int64?)])
    func obsolete(value: String, seconds: Int64?) {
        #expect(RetryAfter.wait(value.utf8, at: Self.time) == seconds.map { .seconds($0) })
    }

    @Test(
        "Two digits of a year mean the one that is nearest, up to 50 years ahead",
        arguments: [
            // 31 December 2099, and 1 January 2100.
            ("Friday, 01-Jan-00 00:00:07 GMT", 4_102_444_800), ("Friday, 01-Jan-00 00:00:07 GMT", 4_102_444_799),
            ("Thursday, 31-Dec-99 23:59:59 GMT", 4_102_444_790),
        ] as [(String, Int64)])
    func centuries(value: String, time: Int64) throws {
        let wait = try #require(RetryAfter.wait(value.utf8, at: time))
        #expect((.seconds(7)...(.seconds(9))).contains(wait))
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
