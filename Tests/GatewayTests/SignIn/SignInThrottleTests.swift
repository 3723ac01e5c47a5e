import ByteText
import MSNP
import MSNPClient
import Testing

@testable import Gateway

@Suite struct SignInThrottleTests {
    private typealias Limits = SignInThrottleLimits

    private func address(_ number: Int) -> SignInSource {
        .network(
            ClientNetwork(IPAddress([192, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])))
    }

    private func attempt(_ source: SignInSource, backend: String = "b") -> SignInAttempt {
        attempt("a@b", source, backend: backend)
    }

    private func attempt(_ account: String, _ source: SignInSource, backend: String = "b") -> SignInAttempt {
        SignInAttempt(
            account: SignInAccount(backend: ByteText(backend), account: FoldedText(account)), source: source)
    }

    private var home: SignInAttempt { attempt(address(1)) }

    @Test("Five are free, then 1, 2, 4 … s up to the longest wait")
    func doubling() {
        var throttle = SignInThrottle()
        // From an address that it knows, where nothing else counts.
        throttle.recordSuccess(of: home)
        var now = Duration.seconds(1000)
        for _ in 1...5 {
            throttle.recordFailure(of: home, now: now)
            #expect(throttle.delay(for: home, now: now) == .zero)
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            throttle.recordFailure(of: home, now: now)
            #expect(throttle.delay(for: home, now: now) == .seconds(wait))
            now += .seconds(wait)
            #expect(throttle.delay(for: home, now: now) == .zero)
        }
    }

    @Test("Another account, address or backend is not affected; capitals are the same account; success and time forget")
    func separate() {
        var throttle = SignInThrottle()
        for _ in 1...9 { throttle.recordFailure(of: home, now: .zero) }
        for other in [
            attempt(address(1), backend: "c"), attempt("c@b", address(1)), attempt(address(2)), attempt(.key(id: "k")),
        ] {
            #expect(throttle.delay(for: other, now: .zero) == .zero)
        }
        #expect(throttle.delay(for: home, now: .zero) > .zero)
        #expect(throttle.delay(for: attempt("A@B", address(1)), now: .zero) > .zero)
        #expect(throttle.delay(for: home, now: .seconds(3601)) == .zero)
        for _ in 1...9 { throttle.recordFailure(of: home, now: .zero) }
        throttle.recordSuccess(of: home)
        #expect(throttle.delay(for: home, now: .zero) == .zero)
    }

    // MARK: - One account over many addresses

    /// Guesses from so many addresses, each as fast as it may, and how many there were in that time.
    private func guesses(
        at account: String, from addresses: Range<Int>, _ throttle: inout SignInThrottle, seconds: Range<Int>
    ) -> Int {
        var count = 0
        for second in seconds {
            for number in addresses {
                let attempt = attempt(account, address(number))
                while throttle.delay(for: attempt, now: .seconds(second)) <= .zero {
                    throttle.recordVain(of: attempt, now: .seconds(second))
                    throttle.recordFailure(of: attempt, now: .seconds(second))
                    count += 1
                }
            }
        }
        return count
    }

    @Test("300 guesses from 60 addresses at once become ten, and then one each for every ten seconds")
    func manyAddresses() {
        var throttle = SignInThrottle()
        #expect(guesses(at: "a@b", from: 100..<160, &throttle, seconds: 0..<1) == Limits.freeForAccount)
        // 60 addresses in a minute, six turns each at most.
        let more = guesses(at: "a@b", from: 100..<160, &throttle, seconds: 1..<61)
        #expect(more <= 60 * 7 && more >= 60)
    }

    @Test(
        "Nobody who guesses keeps a person out: where they signed in before not at all, elsewhere ten seconds at most")
    func notLockedOut() {
        var throttle = SignInThrottle()
        throttle.recordSuccess(of: home)
        _ = guesses(at: "a@b", from: 100..<400, &throttle, seconds: 0..<30)
        #expect(throttle.delay(for: home, now: .seconds(30)) == .zero)
        let elsewhere = attempt(address(2))
        let wait = throttle.delay(for: elsewhere, now: .seconds(30))
        #expect(wait > .zero && wait <= Limits.longestTurn)
        // The guessing goes on until its turn has come, and after.
        _ = guesses(at: "a@b", from: 100..<400, &throttle, seconds: 30..<45)
        #expect(throttle.delay(for: elsewhere, now: .seconds(30) + wait) == .zero)
        #expect(throttle.delay(for: elsewhere, now: .seconds(45)) == .zero, "the turn waits for whoever has it")
        throttle.recordSuccess(of: elsewhere)
        _ = guesses(at: "a@b", from: 100..<400, &throttle, seconds: 45..<60)
        #expect(throttle.delay(for: elsewhere, now: .seconds(60)) == .zero)
        // Half an hour later it is as if nothing had been.
        #expect(throttle.delay(for: attempt(address(3)), now: .seconds(60 + 31 * 60)) == .zero)
    }

    @Test("A person's own slips, at an address that is known, slow nobody else")
    func ownSlips() {
        var throttle = SignInThrottle()
        throttle.recordSuccess(of: home)
        for _ in 1...100 { throttle.recordFailure(of: home, now: .zero) }
        #expect(throttle.delay(for: attempt(address(2)), now: .zero) == .zero)
        #expect(throttle.delay(for: attempt("c@b", address(1)), now: .zero) == .zero)
        #expect(throttle.delay(for: home, now: .zero) > .zero)
    }

    // MARK: - One address over many accounts

    @Test("One guess at each of 300 accounts: twenty at once, then one a second, for an API key a hundred times that")
    func manyAccounts() {
        for (source, factor) in [(address(7), 1), (SignInSource.key(id: "k"), 100)] {
            var throttle = SignInThrottle()
            var accounts = Array(0..<(300 * factor))
            var tried = 0
            func sweep(at now: Duration) {
                accounts = accounts.filter { number in
                    let attempt = attempt("user\(number)@b", source)
                    guard throttle.delay(for: attempt, now: now) <= .zero else { return true }
                    throttle.recordFailure(of: attempt, now: now)
                    tried += 1
                    return false
                }
            }
            sweep(at: .seconds(1))
            #expect(tried == Limits.freeForSource * factor)
            for second in 2...60 { sweep(at: .seconds(second)) }
            #expect(tried <= (Limits.freeForSource + 61) * factor)
            #expect(tried >= (Limits.freeForSource + 40) * factor)
        }
    }

    @Test("Whoever has signed in from there before is not slowed by who else is there")
    func sharedAddress() {
        var throttle = SignInThrottle()
        throttle.recordSuccess(of: home)
        for number in 0..<1_000 {
            let guess = attempt("user\(number)@b", address(1))
            throttle.recordVain(of: guess, now: .zero)
            throttle.recordFailure(of: guess, now: .zero)
        }
        #expect(throttle.delay(for: attempt("user2000@b", address(1)), now: .zero) > .zero)
        #expect(throttle.delay(for: home, now: .zero) == .zero)
    }

    @Test("With a key failures count for key and account, and what strangers do to the account does not")
    func keys() {
        var throttle = SignInThrottle()
        _ = guesses(at: "a@b", from: 100..<400, &throttle, seconds: 0..<10)
        let mine = attempt(.key(id: "k"))
        #expect(throttle.delay(for: mine, now: .seconds(10)) == .zero)
        // A dashboard's people mistype, each of a hundred of them a few times.
        for number in 0..<100 {
            for _ in 1...4 { throttle.recordFailure(of: attempt("p\(number)@b", .key(id: "k")), now: .seconds(10)) }
        }
        #expect(throttle.delay(for: attempt("p1@b", .key(id: "k")), now: .seconds(10)) == .zero)
        #expect(throttle.delay(for: attempt("p200@b", .key(id: "k")), now: .seconds(10)) == .zero)
        for _ in 1...6 { throttle.recordFailure(of: mine, now: .seconds(10)) }
        #expect(throttle.delay(for: mine, now: .seconds(10)) == .seconds(1))
        #expect(throttle.delay(for: attempt(.key(id: "l")), now: .seconds(10)) == .zero)
    }

    // MARK: - Whatever the reason

    @Test("What comes to nothing is bounded for each source, whatever the reason; what succeeds costs nothing")
    func attempts() {
        var throttle = SignInThrottle()
        let now = Duration.seconds(1)
        for number in 0..<1_000 {
            let attempt = attempt("user\(number)@b", address(1))
            #expect(throttle.delay(for: attempt, now: now) == .zero)
            throttle.recordSuccess(of: attempt)
        }
        var sent = 0
        for number in 1_000..<12_000 {
            let attempt = attempt("user\(number)@b", address(1))
            guard throttle.delay(for: attempt, now: now) <= .zero else { continue }
            throttle.recordVain(of: attempt, now: now)
            sent += 1
        }
        #expect(sent == Limits.attempts)
        #expect(throttle.delay(for: attempt("new@b", address(1)), now: now) <= .seconds(1))
        #expect(throttle.delay(for: attempt("new@b", address(2)), now: now) == .zero)
        // Those that are known have a bound of their own.
        let known = attempt("user1@b", address(1))
        var mine = 0
        while throttle.delay(for: known, now: now) <= .zero {
            throttle.recordVain(of: known, now: now)
            mine += 1
        }
        #expect(mine == Limits.knownAttempts)
    }

    // MARK: - Memory

    @Test("All tables are bounded, and what is pushed out is what was written longest ago")
    func bounded() {
        var table = RecentTable<Int, Int>(most: 3)
        for number in 1...3 { table.change(number, from: 0) { $0 = number } }
        table.change(1, from: 0) { $0 += 10 }
        table.change(4, from: 0) { $0 = 4 }
        #expect([table[1], table[2], table[3], table[4]] == [11, nil, 3, 4] as [Int?])
        table.remove(3)
        table.change(5, from: 0) { $0 = 5 }
        #expect([table[1], table[4], table[5]] == [11, 4, 5] && table.count == 3)
        table.change(6, from: 0) { $0 = 6 }
        #expect([table[1], table[4], table[5], table[6]] == [nil, 4, 5, 6])
        for number in 7...10_000 { table.change(number, from: 0) { $0 = number } }
        #expect(table.count == 3 && table[10_000] == 10_000 && table[9_998] == 9_998 && table[9_997] == nil)

        var throttle = SignInThrottle()
        let most = Limits.pairs + Limits.accounts + Limits.sources + Limits.knownAccounts
        for number in 0..<(2 * Limits.pairs) {
            throttle.recordFailure(of: attempt("u\(number)@b", address(number)), now: .zero)
        }
        #expect(throttle.count <= most)
    }

    @Test("A count that fades forgets one for each interval, and remembers no more than it may")
    func fading() {
        var count = FadingCount()
        for _ in 1...3 { count.add(at: .zero, fading: .seconds(10), upTo: 5) }
        #expect(count.value(at: .zero, fading: .seconds(10)) == 3)
        #expect(count.wait(at: .zero, fading: .seconds(10), below: 3) == .seconds(10))
        #expect(count.value(at: .seconds(10), fading: .seconds(10)) == 2)
        #expect(count.wait(at: .seconds(10), fading: .seconds(10), below: 3) == .zero)
        for _ in 1...100 { count.add(at: .seconds(10), fading: .seconds(10), upTo: 5) }
        #expect(count.value(at: .seconds(10), fading: .seconds(10)) == 5)
        #expect(count.value(at: .seconds(60), fading: .seconds(10)) == 0)
    }
}
