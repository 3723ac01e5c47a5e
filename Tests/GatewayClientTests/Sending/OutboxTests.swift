import Locking
import TestSupport
import Testing

@testable import GatewayClient

@Suite(.timeLimit(.minutes(2))) struct OutboxTests {
    private func session(_ server: ScriptedHTTP, _ time: TestTime) throws -> RemoteSession {
        RemoteGateway(try GatewayAddress(server.url), options: time.options)
            .session("s", token: try #require(GatewayCredential("mgt_secret")))
    }

    @Test("A message is asked for again under the same key until somebody says what became of it")
    func untilOutcome() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: .cut("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{")
            case 2: ScriptedHTTP.problem(409, "idempotency-in-progress", fields: ["Retry-After: 1"])
            case 3: ScriptedHTTP.problem(429, "rate-limited", fields: ["Retry-After: 2"])
            case 4: ScriptedHTTP.problem(503, "reconnecting", fields: ["Retry-After: 3"])
            case 5: .answer(504, "<html>", fields: ["Content-Type: text/html"])
            case 6: Pages.sent("pending", status: 202)
            default: Pages.sent("delivered")
            }
        }
        let time = TestTime()
        let message = try await Outbox(session(server, time)).send(MessageDraft("hi", to: "bob@example.com"))
        #expect(message.delivery == .delivered)
        let requests = server.requests.all
        #expect(requests.count == 7)
        #expect(Set(requests.map { $0.field("idempotency-key") }).count == 1)
        #expect(Set(requests.map(\.body)) == [#"{"text":"hi","to":"bob@example.com"}"#])
        #expect(time.slept == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(3), .seconds(8), .seconds(15)])
        try await server.stop()
    }

    @Test(
        "What the gateway says of the message itself is its outcome",
        arguments: [
            (409, "contact-offline", ""), (502, "message-not-delivered", #","partial":3"#),
            (502, "backend-unreachable", ""),
            (400, "invalid-request", ""), (409, "outcome-unknown", ""), (404, "not-found", ""),
        ])
    func outcomes(status: Int, code: String, more: String) async throws {
        let server = try await ScriptedHTTP.start { _ in ScriptedHTTP.problem(status, code, more: more) }
        let outbox = Outbox(try session(server, TestTime()))
        let error = await #expect(throws: GatewayError.self) {
            try await outbox.send(MessageDraft("hi", in: "c"), key: #require(IdempotencyKey("k")))
        }
        guard case .problem(let problem)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problem.code.text == code)
        #expect(problem.partial == (more.isEmpty ? nil : 3))
        #expect(server.requests.all.map(\.target) == ["/v1/sessions/s/conversations/c/messages"])
        #expect(server.requests.all.first?.field("idempotency-key") == "k")
        try await server.stop()
    }

    @Test("A patience that is over ends with what came last")
    func patience() async throws {
        let server = try await ScriptedHTTP.start { _ in .cut("") }
        let time = TestTime()
        let outbox = Outbox(try session(server, time), patience: .seconds(3))
        await #expect(throws: GatewayError.connectionLost) { try await outbox.send(MessageDraft("hi", in: "c")) }
        #expect(time.slept == [.milliseconds(500), .seconds(1)])
        try await server.stop()
    }

    @Test("Messages for one target keep their order, others pass; one that is cancelled makes room")
    func order() async throws {
        let held = Recorder<Void>()
        let server = try await ScriptedHTTP.start { request in
            if request.body.contains("held") {
                held.record(())
                return .silence
            }
            return Pages.sent("delivered")
        }
        let outbox = Outbox(try session(server, TestTime()))
        let first = Task { try await outbox.send(MessageDraft("held", in: "c")) }
        try await held.first { _ in true }
        let second = Task { try await outbox.send(MessageDraft("second", in: "c")) }
        let third = Task { try await outbox.send(MessageDraft("third", in: "c")) }
        #expect(try await outbox.send(MessageDraft("other", in: "d")).delivery == .delivered)
        #expect(server.requests.all.map(\.target) == ["c", "d"].map { "/v1/sessions/s/conversations/\($0)/messages" })
        third.cancel()
        await #expect(throws: GatewayError.cancelled) { try await third.value }
        first.cancel()
        await #expect(throws: GatewayError.cancelled) { try await first.value }
        #expect(try await second.value.delivery == .delivered)
        #expect(server.requests.all.map(\.body) == ["held", "other", "second"].map { #"{"text":"\#($0)"}"# })
        #expect(await outbox.busyTargets == 0)
        try await server.closed.first { $0 == 1 }
        try await server.stop()
    }

    @Test("However many send at once, and give up, each message goes out once, and nothing is left of the queues")
    func crowd() async throws {
        let server = try await ScriptedHTTP.start { _ in Pages.sent("delivered") }
        let outbox = Outbox(try session(server, TestTime()))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let task = Task { try? await outbox.send(MessageDraft("\(number)", in: "c")) }
                    if number % 5 == 0 { task.cancel() }
                    _ = await task.value
                }
            }
        }
        let texts = server.requests.all.map(\.body)
        #expect(Set(texts).count == texts.count)
        #expect(texts.count >= 160)
        #expect(await outbox.busyTargets == 0)
        try await server.stop()
    }
}
