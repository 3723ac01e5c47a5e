import MSNP
import Testing

@testable import Gateway

@Suite struct SignInThrottleTests {
    private let key = SignInThrottle.Key(backend: "b", account: "a@b", address: "192.0.2.1")

    @Test("Five are free, then 1, 2, 4 … s up to the longest wait")
    func doubling() {
        var throttle = SignInThrottle()
        var now = Duration.seconds(1000)
        for _ in 1...5 {
            throttle.recordFailure(of: key, now: now)
            #expect(throttle.delay(for: key, now: now) == .zero)
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            throttle.recordFailure(of: key, now: now)
            #expect(throttle.delay(for: key, now: now) == .seconds(wait))
            now += .seconds(wait)
            #expect(throttle.delay(for: key, now: now) == .zero)
        }
    }

    @Test("Another account, address or backend is not affected; success and time forget")
    func separate() {
        var throttle = SignInThrottle()
        for _ in 1...9 { throttle.recordFailure(of: key, now: .zero) }
        for other in [
            SignInThrottle.Key(backend: "c", account: "a@b", address: "192.0.2.1"),
            SignInThrottle.Key(backend: "b", account: "c@b", address: "192.0.2.1"),
            SignInThrottle.Key(backend: "b", account: "a@b", address: "192.0.2.2"),
        ] {
            #expect(throttle.delay(for: other, now: .zero) == .zero)
        }
        #expect(throttle.delay(for: key, now: .zero) > .zero)
        #expect(throttle.delay(for: key, now: .seconds(3601)) == .zero)
        for _ in 1...9 { throttle.recordFailure(of: key, now: .zero) }
        throttle.recordSuccess(of: key)
        #expect(throttle.delay(for: key, now: .zero) == .zero)
    }
}
