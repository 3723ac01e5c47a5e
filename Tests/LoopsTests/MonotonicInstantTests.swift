import Testing

@testable import Loops

/// Moments of the clock that loops go by.
struct MonotonicInstantTests {
    @Test func itIsTheClockThatCountsWhileTheMachineSleeps() {
        let epoch = ContinuousClock().systemEpoch
        let before = epoch.duration(to: .now)
        let now = MonotonicInstant.now
        let after = epoch.duration(to: .now)
        #expect(before.nanoseconds <= now.nanoseconds)
        #expect(now.nanoseconds <= after.nanoseconds)
    }

    @Test func timeGoesByInDurations() {
        var moment = MonotonicInstant(nanoseconds: 5_000_000_000)
        #expect(moment + .milliseconds(3) - moment == .milliseconds(3))
        #expect(moment - .seconds(7) < moment)
        moment += .microseconds(2)
        moment -= .nanoseconds(1)
        #expect(moment == MonotonicInstant(nanoseconds: 5_000_001_999))
    }

    @Test func beyondTheLastMomentThereIsNone() {
        let moment = MonotonicInstant.now
        #expect(moment + .seconds(Int64.max) == MonotonicInstant(nanoseconds: .max))
        #expect(moment + .nanoseconds(Int64.max) == MonotonicInstant(nanoseconds: .max))
        #expect(MonotonicInstant(nanoseconds: -2) - .nanoseconds(Int64.max) == MonotonicInstant(nanoseconds: .min))
        #expect(moment - .seconds(Int64.max) < moment)
        #expect(moment < moment + .seconds(Int64.max))
        // More nanoseconds than there are, and as many seconds as there are.
        let most = Duration.seconds(9_223_372_036) + .milliseconds(900)
        #expect(moment + most == MonotonicInstant(nanoseconds: .max))
        #expect((.zero - most).nanoseconds == .min)
        let (first, last) = (MonotonicInstant(nanoseconds: .min), MonotonicInstant(nanoseconds: .max))
        #expect(last - first == .nanoseconds(Int64.max) + .nanoseconds(Int64.max) + .nanoseconds(1))
    }
}
