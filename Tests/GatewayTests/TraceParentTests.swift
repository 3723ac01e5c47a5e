import HTTPFront
import TestSupport
import Testing

@testable import Gateway

/// `traceparent` (W3C Trace Context).
@Suite(.timeLimit(.minutes(5))) struct TraceParentTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "b7ad6b7169203331"
    private static let sample = "00-\(trace)-\(parent)-01"

    @Test(
        "What is valid is read, a later version as far as it is known",
        arguments: [
            (sample, sample), ("00-\(trace)-\(parent)-00", "00-\(trace)-\(parent)-00"),
            ("00-\(trace)-\(parent)-03", "00-\(trace)-\(parent)-03"),
            // A bit that means nothing yet is not passed on.
            ("00-\(trace)-\(parent)-ff", "00-\(trace)-\(parent)-03"),
            ("cc-\(trace)-\(parent)-01", sample), ("cc-\(trace)-\(parent)-01-what-the-future-will-be-like", sample),
        ])
    func valid(sent: String, text: String) throws {
        let parsed = try #require(TraceParent(parsing: sent))
        #expect(parsed.text == text)
        #expect(parsed.trace.text == Self.trace && parsed.parentText == Self.parent)
    }

    @Test(
        "What is not valid is nothing",
        arguments: [
            "", "00", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-0", "00-\(trace)-\(parent)-011",
            "00-\(trace)-\(parent)-01-more", "ff-\(trace)-\(parent)-01", "cc-\(trace)-\(parent)-01.more",
            "00-\(trace.uppercased())-\(parent)-01", "00-\(trace)-\(parent.uppercased())-01",
            "00-00000000000000000000000000000000-\(parent)-01", "00-\(trace)-0000000000000000-01",
            "00_\(trace)-\(parent)-01", "0x-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-0x",
            "00-\(trace.dropLast())g-\(parent)-01", " \(sample)", "00-\(trace.dropLast())é-\(parent.dropLast())-01",
            "cc-\(trace)-\(parent)-01-" + String(repeating: "a", count: 600),
        ])
    func invalid(sent: String) { #expect(TraceParent(parsing: sent) == nil) }

    @Test("What goes on is the same trace with another parent, and a trace of our own is nobody's")
    func continuing() throws {
        let parsed = try #require(TraceParent(parsing: Self.sample))
        let next = parsed.continued()
        #expect(next.trace == parsed.trace && next.flags == parsed.flags)
        #expect(next.parent != parsed.parent && next.parent != 0)
        let (one, another) = (TraceParent.random(), TraceParent.random())
        #expect(one.trace != another.trace)
        #expect(TraceParent(parsing: one.text) == one)
    }

    @Test("The log names the trace of a request, and of one without a valid one says nothing and refuses nothing")
    func log() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        func said(_ headers: HeaderFields) async throws -> String {
            let before = harness.log.lines.all.count
            let answer = await harness.call(
                "GET", "/v1/sessions/\(alice.id)/contacts/bob@example.com", token: alice.token, headers: headers)
            #expect(answer.status == 200)
            return try #require(harness.log.lines.all[before...].first { $0.contains(" answered ") })
        }
        let line = try await said([("traceparent", Self.sample), ("X-Request-Id", "mine")])
        #expect(line.hasPrefix("debug "))
        for word in [Self.trace, Self.parent, "mine", "GET", "/v1/sessions/{sid}/contacts/{account}", "200"] {
            #expect(line.contains(word), "\(word) in \(line)")
        }
        #expect(!line.contains("bob@") && !line.contains(alice.id) && !line.contains(alice.token))
        for headers in [
            [], [("traceparent", "00-x")], [("traceparent", Self.sample + "\n")],
            [("traceparent", Self.sample), ("Traceparent", Self.sample)],
            [("traceparent", String(repeating: "0", count: 4_000))],
        ] as [HeaderFields] {
            let line = try await said(headers)
            #expect(!line.contains("traceId") && !line.contains(Self.trace))
        }
        try await harness.stop()
    }
}
