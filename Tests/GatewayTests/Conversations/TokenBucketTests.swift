import TestSupport
import Testing

@testable import Gateway

@Suite struct TokenBucketTests {
    @Test("A burst at once, then one for each interval, and a wait that is exact")
    func burst() {
        var bucket = TokenBucket(perSecond: 50, burst: 3)
        let start = Duration.seconds(7)
        #expect((0..<3).allSatisfy { _ in bucket.take(at: start) == nil })
        #expect(bucket.take(at: start) == .milliseconds(20))
        #expect(bucket.take(at: start + .milliseconds(19)) == .milliseconds(1))
        #expect(bucket.take(at: start + .milliseconds(20)) == nil, "a refusal costs nothing")
        #expect(bucket.take(at: start + .milliseconds(20)) == .milliseconds(20))
    }

    @Test("It fills up again, and never beyond the burst")
    func refilling() {
        var bucket = TokenBucket(perSecond: 50, burst: 3)
        _ = (0..<3).map { _ in bucket.take(at: .zero) }
        #expect((0..<3).allSatisfy { _ in bucket.take(at: .seconds(1000)) == nil })
        #expect(bucket.take(at: .seconds(1000)) != nil)
    }

    @Test("What remains is what would be let through, at any moment")
    func remaining() {
        var bucket = TokenBucket(perSecond: 3, burst: 7)
        #expect(bucket.remaining(at: .zero) == 7)
        var seed = SplitMix(seed: 1)
        var now = Duration.zero
        for _ in 0..<500 {
            now += .milliseconds(Int.random(in: 0...900, using: &seed))
            var probe = bucket
            let free = (0..<100).count { _ in probe.take(at: now) == nil }
            #expect(bucket.remaining(at: now) == free)
            for _ in 0..<Int.random(in: 0...4, using: &seed) { _ = bucket.take(at: now) }
        }
    }

    @Test("Another pace goes on with what is missing, as far as it goes")
    func change() throws {
        var bucket = TokenBucket(perSecond: 50, burst: 100)
        for _ in 0..<60 { _ = bucket.take(at: .zero) }
        var smaller = bucket
        smaller.change(to: try #require(SendingPace(perSecond: 1, burst: 10)), at: .zero)
        #expect(smaller.remaining(at: .zero) == 0 && smaller.remaining(at: .seconds(1)) == 1)
        bucket.change(to: try #require(SendingPace(perSecond: 1, burst: 200)), at: .zero)
        #expect(bucket.remaining(at: .zero) == 140)
        #expect(bucket.remaining(at: .seconds(1_000)) == 200)
    }

    @Test("The session's own: 2,000 at once, then 50 a second for as long as anybody likes")
    func limits() {
        var bucket = TokenBucket(
            perSecond: MessagingLimits.messagesPerSecond, burst: MessagingLimits.messageBurst)
        #expect((0..<2_000).allSatisfy { _ in bucket.take(at: .zero) == nil })
        let sent = (0..<10_000).count { bucket.take(at: .milliseconds($0)) == nil }
        #expect(sent == 499, "one each 20 ms of ten seconds, the first after 20")
    }
}
