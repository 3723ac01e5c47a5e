import MSNP
import Testing

@testable import Doctor

/// Values in, findings out: what answers through the URL come to.
@Suite struct PublicJudgementTests {
    private func kinds(_ outcome: CheckResult.Outcome) -> [FindingKind] {
        CheckResult("x", outcome).findings.map(\.kind)
    }

    private func isTried(_ outcome: CheckResult.Outcome) -> Bool { if case .notTried = outcome { false } else { true } }

    @Test(
        "A clock within half a minute, and beyond",
        arguments: [
            ("Sun, 29 Nov 2026 14:00:00 GMT", [FindingKind]()), ("Sun, 29 Nov 2026 14:00:30 GMT", []),
            ("Sun, 29 Nov 2026 13:59:30 GMT", []), ("Sun, 29 Nov 2026 14:05:00 GMT", [.clockSkew]),
            ("Sun, 29 Nov 2026 13:55:00 GMT", [.clockSkew]),
        ])
    func clock(date: String, expected: [FindingKind]) {
        #expect(kinds(ClockCheck.judge(answer(200, entry, [("date", date)]))) == expected)
        #expect(!isTried(ClockCheck.judge(answer(200, entry))))
    }

    @Test("The host that the gateway hears")
    func host() throws {
        let url = try #require(WebAddress(parsing: "https://msn.example"))
        #expect(kinds(HostCheck.judge(answer(400, #"{"code":"invalid-request"}"#), url)) == [])
        #expect(kinds(HostCheck.judge(answer(403, #"{"code":"sign-in-closed"}"#), url)) == [])
        let crossed = answer(403, #"{"code":"cross-origin"}"#)
        let found = CheckResult("x", HostCheck.judge(crossed, url)).findings
        #expect(found.map(\.kind) == [.hostChanged] && found[0].nginx == "proxy_set_header Host $host;")
        // `$host` has no port, and origins have.
        let other = try #require(WebAddress(parsing: "https://msn.example:8443"))
        #expect(
            CheckResult("x", HostCheck.judge(crossed, other)).findings[0].nginx == "proxy_set_header Host $http_host;")
    }

    @Test("What a browser makes of preflights and calls")
    func sharing() {
        let origin = "https://page.example"
        let allow = ("access-control-allow-origin", origin)
        let rest = [("access-control-allow-methods", "GET, POST"), ("access-control-allow-headers", "Authorization")]
        let whole = answer(204, "", [allow] + rest)
        let call = answer(200, entry, [allow])
        #expect(SharingCheck.judge(origin, preflight: whole, call: call) == .sound(nil))
        for (preflight, call) in [
            (answer(204), answer(200, entry)), (whole, answer(200, entry)), (answer(204, "", rest), call),
            (answer(405), call), (answer(204, "", [allow, allow] + rest), call), (answer(204, "", [allow]), call),
            (answer(204, "", [("access-control-allow-origin", "https://other.example")] + rest), call),
        ] {
            #expect(kinds(SharingCheck.judge(origin, preflight: preflight, call: call)) == [.corsMissing])
        }
    }

    @Test("Polls that are held, cut off, or answered for another reason")
    func polls() {
        #expect(PollCheck.judge(answer(200, "{}", after: 50.01), 50) == .sound("waits 50 s"))
        // Something happened: that says nothing of the proxy.
        #expect(!isTried(PollCheck.judge(answer(200, "{}", after: 12), 50)))
        #expect(!isTried(PollCheck.judge(answer(429, #"{"code":"rate-limited"}"#), 50)))
        let late = answer(504, "<html>", [("server", "nginx/1.26")], after: 30.02)
        let found = CheckResult("x", PollCheck.judge(late, 50)).findings
        #expect(found.map(\.kind) == [.proxyTimeout])
        #expect(found[0].evidence == "a poll of 50 s is 504, from nginx/1.26 after 30.0 s")
        #expect(kinds(PollCheck.judge(answer(200, "{", after: 30, isCut: true), 50)) == [.proxyTimeout])
        #expect(kinds(PollCheck.judge(.closed(seconds: 30), 50)) == [.proxyTimeout])
        #expect(kinds(PollCheck.judge(.timedOut(seconds: 58), 50)) == [.proxyTimeout])
        #expect(!isTried(PollCheck.judge(.refused, 50)))
    }

    @Test("Streams whose events come, come late, or could not have come")
    func streams() {
        #expect(
            StreamCheck.judge(answer(200, ":\n\n", after: 0.012), isCertain: true, 8)
                == .sound("the first event comes after 12 ms"))
        #expect(kinds(StreamCheck.judge(answer(200, after: 8, isCut: true), isCertain: true, 8)) == [.proxyBuffering])
        #expect(!isTried(StreamCheck.judge(answer(200, after: 8, isCut: true), isCertain: false, 8)))
        #expect(!isTried(StreamCheck.judge(answer(429, #"{"code":"rate-limited"}"#), isCertain: true, 8)))
        #expect(kinds(StreamCheck.judge(.timedOut(seconds: 8))) == [.proxyBuffering])
        #expect(!isTried(StreamCheck.judge(.closed(seconds: 1))))
    }

    @Test("Webhooks that arrive, and that don't")
    func webhooks() {
        let url = "http://127.0.0.1:9000/path"
        func attempt(_ outcome: String, _ status: String = "null") -> HTTPAnswer {
            answer(200, #"{"outcome":"\#(outcome)","milliseconds":7,"status":\#(status),"time":"x"}"#)
        }
        #expect(WebhookCheck.judge(attempt("accepted", "204"), url, hasArrived: true) == .sound("accepted in 7 ms"))
        #expect(kinds(WebhookCheck.judge(attempt("accepted", "204"), url, hasArrived: false)) == [.webhookFailed])
        #expect(kinds(WebhookCheck.judge(attempt("unreachable"), url, hasArrived: false)) == [.webhookFailed])
        #expect(kinds(WebhookCheck.judge(attempt("addressRefused"), url, hasArrived: false)) == [.webhookRefused])
        #expect(!isTried(WebhookCheck.judge(answer(503, #"{"code":"shutting-down"}"#), url, hasArrived: false)))
        #expect(
            kinds(WebhookCheck.judgeCreation(answer(400, #"{"code":"invalid-request"}"#), url)) == [.webhookRefused])
        #expect(!isTried(WebhookCheck.judgeCreation(answer(429, #"{"code":"too-many-webhooks"}"#), url)))
    }

    @Test("Keys and sign-ins that are refused")
    func access() {
        #expect(ReaderCheck.judgeKey(answer(200, "{}")) == nil)
        #expect(ReaderCheck.judgeKey(answer(401, #"{"code":"unauthorized"}"#))?.kind == .keyRefused)
        #expect(
            ReaderCheck.judgeSignIn(answer(403, #"{"code":"invalid-credentials"}"#)).evidence
                == "POST /v1/sessions is 403 invalid-credentials")
    }
}
