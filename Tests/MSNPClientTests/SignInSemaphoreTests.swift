import Locking
import Loops
import TestSupport
import Testing

@testable import MSNPClient

struct SignInSemaphoreTests {
    @Test("As many as there are, in the order of asking, first sign-ins ahead of those that come back")
    func order() {
        let semaphore = SignInSemaphore(limit: 2)
        let granted = Recorder<String>()
        func ask(_ name: String, isFirst: Bool) -> SignInSemaphore.Permit {
            semaphore.acquire(isFirst: isFirst) { _ in granted.record(name) }
        }
        let one = ask("back 1", isFirst: false)
        let two = ask("back 2", isFirst: false)
        _ = ask("back 3", isFirst: false)
        let left = ask("first, left", isFirst: true)
        _ = ask("first 1", isFirst: true)
        _ = ask("first 2", isFirst: true)
        #expect(granted.all == ["back 1", "back 2"])
        semaphore.release(left)
        semaphore.release(two)
        #expect(granted.all == ["back 1", "back 2", "first 1"])
        semaphore.release(one)
        semaphore.release(one)
        #expect(granted.all == ["back 1", "back 2", "first 1", "first 2"], "a permit is released once")
        #expect(semaphore.inFlight == 2)
    }

    @Test("Whom somebody waits for goes before those that come back, and is granted once")
    func promotion() {
        let semaphore = SignInSemaphore(limit: 1)
        let granted = Recorder<String>()
        func ask(_ name: String) -> SignInSemaphore.Permit {
            semaphore.acquire(isFirst: false) { _ in granted.record(name) }
        }
        let (one, two, three) = (ask("1"), ask("2"), ask("3"))
        semaphore.promote(three)
        semaphore.promote(one)
        semaphore.release(one)
        #expect(granted.all == ["1", "3"])
        semaphore.release(three)
        semaphore.release(two)
        #expect(granted.all == ["1", "3", "2"])
        #expect(semaphore.inFlight == 0)
    }

    @Test("However often somebody waits, there is one more place in the queue")
    func promotedOnce() {
        let semaphore = SignInSemaphore(limit: 1)
        let held = semaphore.acquire(isFirst: false) { _ in }
        let waiting = semaphore.acquire(isFirst: false) { _ in }
        for _ in 1...1000 { semaphore.promote(waiting) }
        #expect(semaphore.places == 2)
        semaphore.release(held)
        semaphore.release(waiting)
        #expect(semaphore.inFlight == 0)
    }

    @Test("There is one permit at least")
    func atLeastOne() {
        let granted = Recorder<Bool>()
        _ = SignInSemaphore(limit: 0).acquire(isFirst: true) { _ in granted.record(true) }
        #expect(granted.all == [true])
    }

    /// A clock that a test turns, with the alarms that were set on it.
    private final class Time: Sendable {
        private let state = Locked(
            (now: MonotonicInstant.now, alarms: [(MonotonicInstant, @Sendable () -> Void)]()))

        var now: MonotonicInstant { state.withLock { $0.now } }
        var alarms: Int { state.withLock { $0.alarms.count } }
        var alarm: SignInSemaphore.Alarm {
            { delay, body in self.state.withLock { $0.alarms.append(($0.now + delay, body)) } }
        }

        /// Lets time pass, and the alarms ring that are due then.
        func pass(_ duration: Duration) {
            let due = state.withLock { state in
                state.now += duration
                let now = state.now
                defer { state.alarms.removeAll { $0.0 <= now } }
                return state.alarms.filter { $0.0 <= now }
            }
            for (_, body) in due { body() }
        }
    }

    @Test("So many begin in a second, on average, and those that somebody waits for before the others")
    func rate() {
        let time = Time()
        let semaphore = SignInSemaphore(limit: 1_000, perSecond: 10, chance: { 0.5 }, now: { time.now })
        let granted = Recorder<Int>()
        let permits = (0..<40).map { number in
            semaphore.acquire(isFirst: number == 39, alarm: time.alarm) { _ in granted.record(number) }
        }
        // What a quiet server's first few get at once.
        #expect(granted.all == [0, 1, 2, 3, 4, 5])
        #expect(time.alarms == 1, "one for all that wait")
        semaphore.promote(permits[20])
        time.pass(.milliseconds(100))
        #expect(granted.all.suffix(2) == [5, 39], "a first sign-in")
        time.pass(.milliseconds(100))
        #expect(granted.all.suffix(1) == [20], "somebody waits")
        time.pass(.milliseconds(99))
        #expect(granted.all.count == 8)
        time.pass(.milliseconds(1))
        #expect(granted.all.suffix(1) == [6])
        // An alarm that is late: what was missed is caught up, for some intervals.
        time.pass(.milliseconds(300))
        #expect(granted.all.count == 12)
        time.pass(.seconds(60))
        #expect(granted.all.count == 18)
        for _ in 0..<100 { time.pass(.milliseconds(100)) }
        #expect(Set(granted.all) == Set(0..<40))
        #expect(time.alarms == 0)
    }

    @Test(
        "The time between two is its mean by half of it more or less, at random",
        arguments: [(0.0, 11, Duration.milliseconds(50)), (0.9, 4, .milliseconds(60))])
    func jitter(chance: Double, atOnce: Int, next: Duration) {
        let time = Time()
        let semaphore = SignInSemaphore(limit: 100, perSecond: 10, chance: { chance }, now: { time.now })
        let granted = Recorder<Int>()
        for number in 0..<20 {
            _ = semaphore.acquire(isFirst: false, alarm: time.alarm) { _ in granted.record(number) }
        }
        #expect(granted.all.count == atOnce)
        time.pass(next - .milliseconds(1))
        #expect(granted.all.count == atOnce)
        time.pass(.milliseconds(2))
        #expect(granted.all.count == atOnce + 1)
    }

    @Test("Whatever happens in whatever order, no permit is lost and none is granted twice", arguments: 0..<20)
    func randomInterleavings(seed: UInt64) {
        var random = Lehmer(seed: seed)
        let most = Int.random(in: 1...5, using: &random)
        let semaphore = SignInSemaphore(limit: most)
        let granted = Locked<Set<SignInSemaphore.Permit>>([])
        var asked: Set<SignInSemaphore.Permit> = []
        for _ in 0..<2000 {
            if Bool.random(using: &random) {
                let isFirst = Bool.random(using: &random)
                asked.insert(
                    semaphore.acquire(isFirst: isFirst) { number in
                        let isNew = granted.withLock { $0.insert(number).inserted }
                        #expect(isNew)
                    })
            } else if let number = asked.randomElement(using: &random) {
                semaphore.release(number)
                asked.remove(number)
                granted.withLock { _ = $0.remove(number) }
            }
            // Given to as many as there may be, and to nobody who has left.
            let holders = granted.withLock { $0 }
            #expect(holders.isSubset(of: asked))
            #expect(holders.count == min(most, asked.count))
            #expect(semaphore.inFlight == holders.count)
        }
        for number in asked { semaphore.release(number) }
        #expect(semaphore.inFlight == 0)
    }

    @Test("Threads that ask and leave at the same time never hold more than there are, and all come through")
    func threads() async throws {
        let semaphore = SignInSemaphore(limit: 3)
        let inside = Crowd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<500 {
                group.addTask {
                    let arrived = Recorder<SignInSemaphore.Permit>()
                    let asked = semaphore.acquire(isFirst: index.isMultiple(of: 3)) { arrived.record($0) }
                    // Some leave without waiting.
                    if !index.isMultiple(of: 5) {
                        let permit = try await arrived.first { _ in true }
                        #expect(permit == asked)
                        inside.enter()
                        await Task.yield()
                        inside.leave()
                    }
                    semaphore.release(asked)
                }
            }
            try await group.waitForAll()
        }
        #expect(semaphore.inFlight == 0)
        #expect(inside.most <= 3)
    }
}

/// Random and the same each time.
private struct Lehmer: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}

/// Counts who is inside.
private final class Crowd: Sendable {
    private let counts = Locked((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }

    func leave() { counts.withLock { $0.now -= 1 } }
}
