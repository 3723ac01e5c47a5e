import HTTPFront
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// The wire conversation of a session, as its owner sees it.
@Suite(.timeLimit(.minutes(5))) struct TraceTests {
    private static let ticket = "TICKET-6u7Wc1MSPAuth"
    private static let password = "p4ssw0rd-of-alice"
    private static let challenge = "15570131571988941333"
    private static let salt = "1013928519.693957190"

    private static var script: Script {
        var script = Script.friendly
        let profile = "Content-Type: text/x-msmsgsprofile; charset=UTF-8\r\nsid: 507\r\nMSPAuth: \(ticket)\r\n\r\n"
        script.answers["USR"] = { frame in
            let transaction = frame.parameters[0]
            return frame.parameters[2] == "I"
                ? [.line("USR \(transaction) MD5 S \(salt)")]
                : [
                    .line("USR \(transaction) OK alice@example.com Alice 1"),
                    .raw(Array("MSG Hotmail Hotmail \(profile.utf8.count)\r\n\(profile)".utf8)),
                ]
        }
        script.answers["CHG"] = { frame in
            [.line("CHG \(frame.parameters.joined(separator: " "))"), .line("CHL 0 \(challenge)")]
        }
        return script
    }

    @Test("A sign-in, a reconnect, a switchboard and the end, and no secret of any of them")
    func everySecret() async throws {
        let server = try await ScriptedServer.start(Self.script)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(5) }
        // At once, so that the trace is open before the connection is: nothing is said of it then.
        let opening = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"\#(Self.password)"}"#,
            headers: [("Prefer", "respond-async")])
        let (id, token) = (try opening.string("session", "id"), try opening.string("token"))
        let path = "/v1/sessions/\(id)"
        let stream = try await harness.begin("GET", path + "/trace", token: token).stream()
        #expect(stream.response.value(of: "Content-Type") == "text/event-stream")
        let session = try #require(harness.gateway.registry.session(id))
        let events = try await harness.begin("GET", path + "/stream?after=oldest", token: token).stream()
        func online(_ times: Int) async {
            while events.events.filter({ $0.json?["data"]?["state"]?.text == "online" }).count < times {
                await Task.yield()
            }
        }
        await online(1)
        server.drop(1)
        await online(2)
        // Of the second connection all is seen, from the first word on.
        let answered = try await stream.event { $0.json?["number"] == .number(2) && $0.data.contains("QRY") }
        #expect(answered.type == "sent")
        let lines = stream.events.filter { $0.json?["number"] == .number(2) }.compactMap { $0.json?["line"]?.text }
        #expect(lines.first?.hasPrefix("VER ") == true)
        #expect(lines.contains { $0.hasPrefix("USR ") && $0.hasSuffix(" MD5 I alice@example.com") })
        #expect(lines.filter { $0.hasPrefix("USR ") && $0.hasSuffix(" MD5 S <blanked>") }.count == 2, "both ways")
        #expect(lines.contains { $0.hasPrefix("CHL 0 ") })
        let profile = try #require(stream.events.first { $0.data.contains("x-msmsgsprofile") })
        #expect(profile.type == "received")
        #expect(profile.json?["payload"]?.text?.contains("sid: 507\r\nMSPAuth: <blanked>") == true)
        #expect(profile.json?["connection"]?.text == "dispatch")
        #expect(profile.json?["time"]?.text?.hasSuffix("Z") == true)

        // What owners of switchboards do.
        let board = WireConnection(.switchboard, 1)
        let cookie = "COOKIE-17262.1013928521.3692"
        let transaction = TransactionID(rawValue: 1)
        session.traces.tap.sent(
            SwitchboardClientCommand.enter(transaction, handle: "alice@example.com", cookie: Redacted(cookie)).frame,
            connection: board)
        session.traces.tap.sent(
            SwitchboardClientCommand.answer(
                transaction, handle: "alice@example.com", cookie: Redacted(cookie), session: "11752099"
            ).frame, connection: board)
        let text = Array("Content-Type: text/plain\r\n\r\nhello".utf8)
        session.traces.tap.received(Frame("MSG", ["bob@example.com", "Bob"], payload: text), connection: board)
        server.say("RNG 11752099 10.0.1.200:1863 CKI \(cookie) bob@example.com Bob", on: 2)
        server.say("XFR 0 SB 10.0.1.200:1863 CKI \(cookie)", on: 2)
        _ = try await stream.event { $0.data.contains("XFR 0 SB") }
        let message = try #require(
            stream.events.first { $0.json?["connection"]?.text == "switchboard" && $0.type == "received" })
        #expect(message.json?["payload"]?.text == "Content-Type: text/plain\r\n\r\nhello")
        #expect(message.json?["payloadSize"] == .number(Double(text.count)))

        #expect(await harness.call("DELETE", path, token: token).status == 204)
        try await stream.finished.first { _ in true }
        #expect(stream.events.contains { $0.type == "sent" && $0.json?["line"]?.text == "OUT" }, "the last word, too")

        let hash = md5(Self.salt + Self.password)
        let secrets = [Self.ticket, Self.password, Self.salt, hash, cookie, token]
        let shown = stream.events.map(\.data).joined()
        for secret in secrets { #expect(!shown.contains(secret)) }
        #expect(shown.contains(Self.challenge), "what is no secret is shown")
        #expect(try await server.received.first { $0.text.contains(hash) }.text.hasPrefix("USR "), "the hash was one")
        #expect(!harness.log.lines.all.contains { line in secrets.contains { line.contains($0) } })
        try await harness.stop()
        try await server.stop()
    }

    @Test("Nothing is kept for nobody: the tap is watched only while a trace is open")
    func watching() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server, { _ in }) { $0.limits.tracesPerSession = 2 }
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/trace"
        let session = try #require(harness.gateway.registry.session(alice.id))
        let first = try await harness.begin("GET", path, token: alice.token).stream()
        let second = try await harness.begin("GET", path, token: alice.token).stream()
        #expect(await harness.call("GET", path, token: alice.token).code == "rate-limited")
        server.say("NLN NLN bob@example.com Bob")
        for stream in [first, second] {
            let event = try await stream.event { _ in true }
            #expect(event.json?["line"]?.text == "NLN NLN bob@example.com Bob")
        }
        first.leave()
        second.leave()
        #expect(session.traces.isEmpty)
        #expect(!session.traces.tap.isWatched)
        let third = try await harness.begin("GET", path, token: alice.token).stream()
        #expect(session.traces.tap.isWatched)
        #expect(third.events.isEmpty)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A slow reader of a trace is bounded and told how much it missed, in its place")
    func slow() throws {
        let queue = TraceQueue(StreamSignal(to: TestTarget()), limit: 100)
        let event = [UInt8](repeating: 0x61, count: 40)
        for _ in 1...5 { queue.append(event) }
        #expect(queue.next(1) == .bytes(event))
        queue.append(event)
        guard case .bytes(let rest) = queue.next(10_000) else {
            Issue.record("no bytes")
            return
        }
        let gap = "event: gap\ndata: {\"missed\":3}\n\n"
        #expect(String(decoding: rest, as: UTF8.self).hasPrefix(String(decoding: event, as: UTF8.self) + gap))
        #expect(queue.next(1) == .nothing)
        for _ in 1...3 { queue.append(event) }
        queue.close()
        guard case .bytes(let last) = queue.next(10_000) else {
            Issue.record("no bytes")
            return
        }
        #expect(last == event + event)
        #expect(queue.next(1) == .bytes(Array("event: gap\ndata: {\"missed\":1}\n\n".utf8)))
        #expect(queue.next(1) == .end)
    }
}
