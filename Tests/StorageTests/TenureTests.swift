import Locking
import Storage
import Testing

@Suite struct TenureTests {
    @Test("A tenure lasts until the end that its last beat gave it, and not a moment longer")
    func end() {
        let start = ContinuousClock.now
        let passed = Locked(Duration.zero)
        let now: @Sendable () -> ContinuousClock.Instant = { start + passed.withLock { $0 } }
        let tenure = Tenure(shard: 3, fence: 9, until: start + .seconds(6), now: now)
        #expect(tenure.isValid)
        passed.withLock { $0 = .seconds(6) - .nanoseconds(1) }
        #expect(tenure.isValid)
        tenure.extend(until: start + .seconds(8))
        passed.withLock { $0 = .seconds(8) - .nanoseconds(1) }
        #expect(tenure.isValid)
        passed.withLock { $0 = .seconds(8) }
        #expect(!tenure.isValid)
        tenure.extend(until: start + .seconds(20))
        #expect(tenure.isValid)
        tenure.revoke()
        #expect(!tenure.isValid)
    }

    @Test("One for good ends only when it is taken away")
    func forGood() {
        let start = ContinuousClock.now
        let passed = Locked(Duration.zero)
        let tenure = Tenure(now: { start + passed.withLock { $0 } })
        passed.withLock { $0 = .seconds(1 << 32) }
        #expect(tenure.isValid)
        tenure.revoke()
        #expect(!tenure.isValid)
    }
}
