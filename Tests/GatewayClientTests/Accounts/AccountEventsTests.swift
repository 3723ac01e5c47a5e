import TestSupport
import Testing

@testable import GatewayClient

/// An account that stays signed in, at a server that does as it is told.
@Suite(.timeLimit(.minutes(2))) struct AccountEventsTests {
    private static func grant(_ id: String, _ token: String) -> ScriptedHTTP.Reply {
        .answer(201, #"{"session":\#(session(id, "online")),"token":"\#(token)"}"#)
    }

    private static func session(_ id: String, _ state: String, reason: String? = nil) -> String {
        let why = reason.map { #","reason":"\#($0)""# } ?? ""
        return """
            {"id":"\(id)","account":"a@b.c","displayName":"A","state":"\(state)","status":"online","backend":"x",\
            "createdAt":"2026-01-02T03:04:05.678Z","cursor":"e.1"\(why)}
            """
    }

    /// What a loop says, each in a word, and how it ends.
    private func words(_ server: ScriptedHTTP, _ time: TestTime = TestTime()) async throws -> [String] {
        let gateway = RemoteGateway(try GatewayAddress(server.url), options: time.options)
        var words: [String] = []
        do throws(GatewayError) {
            for try await step in gateway.events(
                of: SignIn("a@b.c", password: "correct horse"), consumer: "bot", types: ["message.received"])
            {
                switch step {
                case .signedIn(let session): words.append("signed in \(session.id)")
                case .event(let event, let session): words.append("\(event.type) \(event.seq) of \(session.id)")
                case .gap(let gap): words.append("gap: \(gap)")
                case .interrupted(let error): words.append("interrupted: \(error)")
                case .resumed: words.append("resumed")
                }
            }
        } catch {
            words.append("\(error)")
        }
        return words
    }

    @Test(
        "A sign-in that can't be now is tried again; a token that is taken no more is replaced, and nothing is missed or told"
    )
    func tokens() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: ScriptedHTTP.problem(503, "backend-busy", fields: ["Retry-After: 4"])
            case 2: ScriptedHTTP.problem(409, "outcome-unknown")
            case 3: Self.grant("s1", "mgt_1")
            case 4: Pages.page([Pages.message(1, "a")], next: "e.1")
            case 5: ScriptedHTTP.problem(401, "unauthorized")
            case 6: Self.grant("s1", "mgt_2")
            case 7: Pages.page([Pages.message(2, "b")], next: "e.2")
            default: ScriptedHTTP.problem(400, "invalid-request")
            }
        }
        let time = TestTime()
        #expect(
            try await words(server, time) == [
                "interrupted: backend-busy: D", "resumed", "signed in s1", "message.received 1 of s1",
                "message.received 2 of s1", "invalid-request: D",
            ])
        #expect(time.slept == [.seconds(4), .seconds(1)])
        let requests = server.requests.all
        #expect(
            requests[3...].map { $0.field("authorization") ?? "-" }
                == ["mgt_1", "mgt_1", "", "mgt_2", "mgt_2"].map {
                    $0.isEmpty ? "-" : "Bearer \($0)"
                })
        #expect(!requests[3].target.contains("after="))
        #expect(requests[4].target.contains("after=e.1") && requests[6].target.contains("after=e.1"))
        #expect(requests[3].target.contains("types=message.received%2Csession.state"))
        try await server.stop()
    }

    @Test("A session that is gone is a gap, and so is a server that was lost")
    func lost() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: Self.grant("s1", "mgt_1")
            case 2:
                Pages.page(
                    [Pages.event(1, "session.state", #"{"state":"reconnecting","reason":"connectionLost"}"#)],
                    next: "e.1")
            case 3: ScriptedHTTP.problem(410, "cursor-expired", more: #","missed":3"#)
            case 4: ScriptedHTTP.problem(404, "not-found")
            case 5: Self.grant("s2", "mgt_2")
            case 6: Pages.page([Pages.message(1, "a")], next: "f.1")
            default: ScriptedHTTP.problem(403, "sign-in-refused")
            }
        }
        #expect(
            try await words(server) == [
                "signed in s1", "gap: the server was lost (connectionLost), and with it what was on its way",
                "session.state 1 of s1", "gap: 3 events are no longer kept",
                "gap: the session was lost, and with it what nobody had read", "signed in s2",
                "message.received 1 of s2",
                "sign-in-refused: D",
            ])
        try await server.stop()
    }

    @Test("An end that passes is a gap, behind which the session goes on where it was; another end is the end")
    func ends() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: Self.grant("s1", "mgt_1")
            case 2: Pages.page([Pages.message(1, "a")], next: "e.1", ended: true)
            case 3: .answer(200, Self.session("s1", "ended", reason: "credentialsNotKept"))
            case 4: Self.grant("s1", "mgt_1")
            case 5: Pages.page([Pages.message(2, "b")], next: "e.2", ended: true)
            default: .answer(200, Self.session("s1", "ended", reason: "signedInElsewhere"))
            }
        }
        let time = TestTime()
        #expect(
            try await words(server, time) == [
                "signed in s1", "message.received 1 of s1",
                "gap: the session has ended (credentialsNotKept), and with it what was on its way",
                "message.received 2 of s1", "the session has ended: signedInElsewhere",
            ])
        #expect(time.slept == [.seconds(1)])
        #expect(server.requests.all[4].target.contains("after=e.1"))
        try await server.stop()
    }

    @Test("A message whose token is taken no more goes out with another one, under the same key")
    func sending() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: Self.grant("s1", "mgt_1")
            case 2: ScriptedHTTP.problem(401, "unauthorized")
            case 3: Self.grant("s1", "mgt_2")
            default: Pages.sent("delivered")
            }
        }
        let gateway = RemoteGateway(try GatewayAddress(server.url), options: TestTime().options)
        var steps = gateway.events(of: SignIn("a@b.c", password: "x")).makeAsyncIterator()
        guard case .signedIn(let session)? = try await steps.next() else {
            Issue.record("nobody is signed in")
            return
        }
        let message = try await Outbox(session).send(MessageDraft("hi", in: "c"), key: #require(IdempotencyKey("k")))
        #expect(message.delivery == .delivered)
        #expect(session.token == GatewayCredential("mgt_2"))
        let requests = server.requests.all
        #expect(requests.map { $0.field("idempotency-key") } == [nil, "k", nil, "k"])
        #expect(requests[3].field("authorization") == "Bearer mgt_2")
        try await server.stop()
    }
}
