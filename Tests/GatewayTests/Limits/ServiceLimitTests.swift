import ByteText
import HTTPFront
import MSNPClient
import Testing

@testable import Gateway

/// What `RateLimit-Policy` and `RateLimit` say of limits, as values.
@Suite struct ServiceLimitTests {
    @Test(
        "Each is an item of both fields, as the draft has them",
        arguments: [
            (
                ServiceLimit(name: .messages, quota: 2_000, window: 40, remaining: 1_999, wait: 1),
                #""messages";q=2000;w=40"#, #""messages";r=1999;t=1"#
            ),
            (
                .concurrent(.polls, used: 3, of: 64), #""polls";q=64;qu="concurrent-requests""#, #""polls";r=61"#
            ),
            (.concurrent(.streams, used: 70, of: 64), #""streams";q=64;qu="concurrent-requests""#, #""streams";r=0"#),
            (.reached(.server), nil, #""server";r=0"#),
        ] as [(ServiceLimit, String?, String)])
    func items(limit: ServiceLimit, policy: String?, state: String) {
        var response = Response(status: 200)
        response.tell([limit])
        #expect(response.value(of: "RateLimit-Policy") == policy)
        #expect(response.value(of: "RateLimit") == state)
        #expect(response.headers.count == (policy == nil ? 1 : 2))
    }

    @Test("Several are lists, the unknown quota in one of them alone; none are no field")
    func lists() {
        var response = Response(status: 429, headers: [("A", "b")])
        response.tell([ServiceLimit]())
        #expect(response.headers.count == 1)
        response.tell([
            .reached(.server), .concurrent(.changes, used: 1, of: 2),
            ServiceLimit(name: .signInFailures, quota: 5, window: 9, remaining: 0, wait: 3),
        ])
        #expect(
            response.value(of: "RateLimit-Policy")
                == #""changes";q=2;qu="concurrent-requests", "sign-in-failures";q=5;w=9"#)
        #expect(response.value(of: "RateLimit") == #""server";r=0, "changes";r=1, "sign-in-failures";r=0;t=3"#)
        response.set("A", "c")
        #expect(response.headers.map { $0.name } == ["RateLimit-Policy", "RateLimit", "A"])
    }

    @Test("A name is what a structured field may have for a string, and nobody's but one limit's")
    func names() {
        let names = ServiceLimit.Name.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil })
    }

    @Test("What is refused names its limit, with the seconds of Retry-After")
    func exceeding() {
        let problem = Problem(.rateLimited, "x").retrying(after: .milliseconds(1_001))
            .exceeding(.concurrent(.polls, used: 1, of: 64))
        #expect(problem.retryAfter == 2)
        #expect(problem.limits.map(\.remaining) == [0])
        #expect(problem.limits.map(\.wait) == [2])
    }

    // MARK: - Sign-ins

    private static let account = SignInAccount(backend: "b", account: "alice@example.com")

    private func source(_ number: UInt8) -> SignInSource { .network(ClientNetwork(IPAddress([192, 0, 2, number]))) }

    private func told(_ limits: [ServiceLimit]) -> String {
        var response = Response(status: 403)
        response.tell(limits)
        return response.value(of: "RateLimit") ?? ""
    }

    @Test("Failures use up what is free, then one remains for each wait, twice as long each time")
    func failures() {
        var throttle = SignInThrottle()
        let attempt = SignInAttempt(account: Self.account, source: .key(id: "k"))
        var said: [String] = []
        for _ in 0..<7 {
            throttle.recordFailure(of: attempt, now: .seconds(10))
            let limit = throttle.limits(for: attempt, now: .seconds(10))[0]
            said.append("\(limit.remaining) \(limit.wait ?? -1)")
        }
        #expect(said == ["4 3600", "3 3600", "2 3600", "1 3600", "1 1", "0 1", "0 2"])
        let delay = throttle.delay(for: attempt, now: .seconds(10))
        #expect(delay == .seconds(2))
        #expect(throttle.exceeded(by: attempt, delay: delay, now: .seconds(10)).name == .signInFailures)
        #expect(throttle.limits(for: attempt, now: .seconds(12))[0].remaining == 1, "its wait is over")
        throttle.recordSuccess(of: attempt)
        let limit = throttle.limits(for: attempt, now: .seconds(12))[0]
        #expect(limit.remaining == 5 && limit.wait == nil)
    }

    @Test("A client's own failures and attempts are told, a key's a hundred times as many; nothing of what others do")
    func clients() {
        var throttle = SignInThrottle()
        let (mine, theirs) = (source(1), source(2))
        let attempt = SignInAttempt(account: Self.account, source: mine)
        let untouched = told(throttle.limits(for: attempt, now: .zero))
        #expect(
            untouched == #""sign-in-failures";r=5, "client-sign-in-failures";r=20, "sign-in-attempts";r=60"#)
        for _ in 0..<30 { throttle.recordFailure(of: SignInAttempt(account: Self.account, source: theirs), now: .zero) }
        #expect(told(throttle.limits(for: attempt, now: .zero)) == untouched)
        let delay = throttle.delay(for: attempt, now: .zero)
        #expect(delay == .seconds(10), "and yet it waits for its turn")
        #expect(throttle.exceeded(by: attempt, delay: delay, now: .zero) == .reached(.signInTurn))

        throttle.recordFailure(of: attempt, now: .zero)
        throttle.recordVain(of: attempt, now: .zero)
        #expect(
            told(throttle.limits(for: attempt, now: .milliseconds(100)))
                == #""sign-in-failures";r=4;t=3600, "client-sign-in-failures";r=19;t=60, "sign-in-attempts";r=59;t=1"#)
        let key = SignInAttempt(account: Self.account, source: .key(id: "k"))
        let policies = throttle.limits(for: key, now: .zero).map { "\($0.quota ?? 0) in \($0.window ?? 0)" }
        #expect(policies == ["5 in 3600", "2000 in 1200", "6000 in 60"])
        throttle.recordSuccess(of: attempt)
        #expect(
            told(throttle.limits(for: attempt, now: .zero)) == #""sign-in-failures";r=5, "sign-in-attempts";r=20"#,
            "where the account has signed in from, failures with others count no more")
    }
}
