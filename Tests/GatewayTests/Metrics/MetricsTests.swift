import HTTPFront
import TestSupport
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    /// The value of a sample, nil where there is none.
    private func value(_ name: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
    }

    private func read(_ harness: GatewayHarness) async throws -> String {
        let answer = await harness.call("GET", "/metrics")
        try #require(answer.status == 200)
        return answer.text
    }

    /// Reads until so many requests of a kind are counted, which each is behind its answer.
    ///
    /// Gives the last text, and how many readings it took.
    private func read(
        _ harness: GatewayHarness, until counted: [String: Double]
    ) async throws -> (text: String, readings: Int) {
        var readings = 0
        while true {
            let text = try await read(harness)
            readings += 1
            if counted.allSatisfy({ value($0.key, in: text) ?? 0 >= $0.value }) { return (text, readings) }
            await Task.yield()
        }
    }

    @Test("Sessions, requests, journals and the server's traffic are counted")
    func counts() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let before = try await read(harness)
        #expect(value(#"msnp_gateway_sessions{backend="sandbox",state="online"}"#, in: before) == 1)
        #expect(value(#"msnp_gateway_sessions{backend="sandbox",state="ended"}"#, in: before) == 0)
        #expect(value("msnp_gateway_parked_polls", in: before) == 0)
        #expect(value("msnp_gateway_streams", in: before) == 0)
        #expect(try #require(value("msnp_gateway_journal_bytes", in: before)) > 100)
        for name in ["commands", "bytes"] {
            for direction in ["in", "out"] {
                let sample = #"msnp_gateway_msnp_\#(name)_total{backend="sandbox",direction="\#(direction)"}"#
                #expect(try #require(value(sample, in: before)) > 5)
            }
        }
        #expect(value("msnp_gateway_reconnects_total{backend=\"sandbox\"}", in: before) == 0)
        #expect(value(#"msnp_gateway_long_turns_total{loop="msnp"}"#, in: before) != nil)

        let poll = harness.begin("GET", path + "/events", token: alice.token)
        let left = harness.begin("GET", path + "/events", token: alice.token)
        harness.gateway.include {
            HTTPStatistics(
                connections: 7, parked: 3, streams: 1, requests: 9, stuck: 2, longTurns: 5, refused: [.address: 4])
        }
        var during = try await read(harness)
        #expect(value("msnp_gateway_parked_polls", in: during) == 2)
        #expect(value("msnp_gateway_streams", in: during) == 1)
        #expect(value("msnp_gateway_http_connections", in: during) == 7)
        #expect(value("msnp_gateway_http_parked_requests", in: during) == 3)
        #expect(value("msnp_gateway_http_heads_total", in: during) == 9)
        #expect(value("msnp_gateway_http_stuck_connections_total", in: during) == 2)
        #expect(value(#"msnp_gateway_long_turns_total{loop="http"}"#, in: during) == 5)
        let refused = "msnp_gateway_http_refused_connections_total"
        #expect(value(#"\#(refused){reason="address"}"#, in: during) == 4)
        #expect(value(#"\#(refused){reason="connections"}"#, in: during) == 0)
        #expect(value(#"\#(refused){reason="descriptors"}"#, in: during) == 0)
        harness.gateway.include { nil }
        poll.release()
        left.leave()
        _ = await harness.call("GET", path + "/contacts/nobody@example.com", token: alice.token)
        _ = await harness.call("GET", path + "/made-up-\(alice.id)", token: alice.token)
        _ = await harness.call("BREW-\(alice.id)", path, token: alice.token)
        let requests = "msnp_gateway_http_requests_total"
        let events = #"route="/v1/sessions/{sid}/events",method="GET""#
        let contact = #"route="/v1/sessions/{sid}/contacts/{account}",method="GET""#
        let metrics = #"\#(requests){route="/metrics",method="GET",status="200"}"#
        let counted: [String: Double] = [
            "\(requests){\(events),status=\"200\"}": 1, "\(requests){\(events),status=\"499\"}": 1,
            // The sign-in of the harness looks at another contact.
            "\(requests){\(contact),status=\"404\"}": 1,
            #"\#(requests){route="(none)",method="other",status="404"}"#: 1,
            #"\#(requests){route="/v1/sessions/{sid}",method="other",status="405"}"#: 1,
        ]
        let readings: Int
        (during, readings) = try await read(harness, until: counted)
        for (name, count) in counted { #expect(value(name, in: during) == count, "\(name)") }
        #expect(value("msnp_gateway_parked_polls", in: during) == 0)
        let durations = "msnp_gateway_http_request_duration_seconds"
        #expect(value(#"\#(durations)_count{route="/v1/sessions/{sid}/events"}"#, in: during) == 2)
        #expect(value(#"\#(durations)_bucket{route="/v1/sessions/{sid}/events",le="+Inf"}"#, in: during) == 2)
        // No more than the texts so far, and in the end each of them.
        #expect(try #require(value(metrics, in: during)) <= Double(2 + readings - 1))
        _ = try await read(harness, until: [metrics: Double(2 + readings)])
        for name in ["process_start_time_seconds", "process_open_fds", "process_resident_memory_bytes"] {
            #expect(try #require(value(name, in: during)) > 0)
        }
        #expect(!during.contains("alice"))
        #expect(!during.contains(alice.id))
        try await harness.stop()
    }

    @Test("Errors are counted by code, those of no catalogue together, and reconnects by backend")
    func errors() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let body = #"{"account":"kid@example.com","password":"sandbox"}"#
        #expect(await harness.call("POST", "/v1/sessions", json: body).status == 403)
        let text = try await read(harness)
        #expect(value(#"msnp_gateway_msnp_errors_total{backend="sandbox",code="923"}"#, in: text) == 1)
        try await harness.stop()
    }

    @Test("With keys it is the administrator's alone")
    func administrator() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        #expect(await harness.call("GET", "/metrics").status == 200, "there is no key yet")
        let (bot, admin) = (try keys.add("bot"), try keys.add("admin", [.admin]))
        let alice = try await harness.signIn("alice@example.com", key: bot)
        #expect(await harness.call("GET", "/metrics").status == 401)
        #expect(await harness.call("GET", "/metrics", token: "mgk_guess").status == 401)
        for other in [bot, alice.token] {
            let refused = await harness.call("GET", "/metrics", token: other)
            #expect(refused.status == 401)
            #expect(refused.code == "unauthorized")
        }
        let answer = await harness.call("GET", "/metrics", token: admin)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.header("Cache-Control") == "no-store")
        try await harness.stop()
    }

    @Test("An open sign-in does not open them: loopback does, and nothing that came through a proxy")
    func loopback() async throws {
        let harness = try await GatewayHarness.withSandbox()
        #expect(await harness.call("GET", "/metrics", headers: [("Via", "1.1 x")]).status == 401)
        #expect(await harness.call("GET", "/metrics", headers: [("X-Forwarded-For", "127.0.0.1")]).status == 401)
        try await harness.stop()
        for change: @Sendable (inout GatewayConfiguration) -> Void in [
            { $0.listensOnLoopback = false }, { $0.publicHosts = ["msn.example"] },
            { $0.trustedProxies = ["10.0.0.1"] },
        ] {
            let harness = try await GatewayHarness.withSandbox {
                $0.openSignIn = true
                change(&$0)
            }
            #expect(await harness.call("GET", "/metrics").status == 401)
            _ = try await harness.signIn("alice@example.com")
            try await harness.stop()
        }
    }

    @Test("Events that a journal no longer keeps are counted")
    func drops() async throws {
        let harness = try await GatewayHarness.withSandbox { $0.limits.journal.events = 5 }
        let alice = try await harness.signIn("alice@example.com")
        for status in ["busy", "away", "online", "idle", "busy", "online"] {
            let answer = await harness.call(
                "PUT", "/v1/sessions/\(alice.id)/presence", token: alice.token, json: #"{"status":"\#(status)"}"#)
            #expect(answer.status == 200)
        }
        let dropped = value(
            #"msnp_gateway_journal_events_dropped_total{limit="session"}"#, in: try await read(harness))
        #expect(try #require(dropped) >= 6)
        try await harness.stop()
    }

    @Test func labelsAreEscaped() {
        var text = PrometheusText()
        text.begin("a", .gauge, "one\\two\nthree \"four\"")
        text.sample("a", [("b", "one\\two\nthree \"four\"")], 1.5)
        #expect(
            text.text
                == #"# HELP a one\\two\nthree "four""# + "\n# TYPE a gauge\n" + #"a{b="one\\two\nthree \"four\""} 1.5"#
                + "\n")
    }

    @Test("Buckets hold what took no longer than they say")
    func histogram() {
        let histogram = LatencyHistogram()
        for nanoseconds in [0, 250_000, 250_001, 60_000_000_000, 60_000_000_001] {
            histogram.record(nanoseconds: nanoseconds)
        }
        let cumulative = histogram.cumulative
        #expect(cumulative.count == LatencyHistogram.bounds.count + 1)
        #expect(cumulative.first == 2)
        #expect(cumulative[1] == 3)
        #expect(cumulative.suffix(2) == [4, 5])
        #expect(histogram.nanoseconds == 120_000_500_002)
    }
}
