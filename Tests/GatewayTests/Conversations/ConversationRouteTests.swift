import HTTPFront
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What the routes of conversations do by themselves, without anybody on the other side.
@Suite(.timeLimit(.minutes(5))) struct ConversationRouteTests {
    private let one = ConversationID(rawValue: 1)
    private let bob = ListMember(handle: "bob@example.com", name: "Bob")

    private func stage() async throws -> (ScriptedServer, GatewayHarness, (id: String, token: String), Session) {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let session = try #require(harness.gateway.registry.session(alice.id))
        return (server, harness, alice, session)
    }

    @Test("Reading: the list, one, the snapshot, a message; what is not there is 404")
    func reading() async throws {
        let (server, harness, alice, session) = try await stage()
        let path = "/v1/sessions/\(alice.id)"
        #expect(await harness.call("GET", path + "/conversations", token: alice.token).text == #"{"conversations":[]}"#)
        session.hear(.conversation(.opened(one, participants: [bob])))
        session.hear(.conversation(.opened(ConversationID(rawValue: 2), participants: [bob])))
        let list = await harness.call("GET", path + "/conversations", token: alice.token)
        let id = try list.string("conversations", "1", "id")
        #expect(list.header("Cache-Control") == "no-store")
        #expect(
            list.value("conversations", "1")
                == .object([
                    "id": .string(id), "group": .bool(false), "createdAt": .string("2023-11-14T22:13:20.000Z"),
                    "participants": .array([
                        .object(["account": .string("bob@example.com"), "displayName": .string("Bob")])
                    ]),
                ]))
        let single = await harness.call("GET", path + "/conversations/\(id)", token: alice.token)
        #expect(single.status == 200)
        #expect(single.value() == list.value("conversations", "1"))
        let snapshot = await harness.call("GET", path + "/snapshot", token: alice.token)
        #expect(snapshot.value("conversations") == list.value("conversations"))
        let sent = try session.state.withLock { state in
            state.record.conversations.messages.register(
                MessageDraft(
                    text: try MessageText(validating: "hi"), format: try TextFormat(isBold: true), clientRef: "r"),
                at: Timestamp(milliseconds: 0)
            ).id
        }
        let name = session.state.withLock { $0.record.name(of: sent) }
        #expect(await harness.call("GET", path + "/messages/\(name)", token: alice.token).status == 404, "not taken")
        session.hear(.conversation(.sent(sent, one)))
        let pending = await harness.call("GET", path + "/messages/\(name)", token: alice.token)
        #expect(
            pending.text
                == #"{"clientRef":"r","conversationId":"\#(id)","delivery":"pending","format":{"bold":true,"italic":false,"rightToLeft":false,"strikethrough":false,"underline":false},"id":"\#(name)","sentAt":"2023-11-14T22:13:20.000Z","text":"hi"}"#
        )
        session.hear(.conversation(.settled(sent, one, .failed(.notJoined))))
        let failed = await harness.call("GET", path + "/messages/\(name)", token: alice.token)
        #expect(try failed.string("delivery") == "failed")
        #expect(try failed.string("reason") == "notJoined")
        for place in ["/messages/\(id)", "/messages/x", "/conversations/\(name)", "/conversations/\(id)0"] {
            #expect(await harness.call("GET", path + place, token: alice.token).code == "not-found", "\(place)")
        }
        for place in ["/messages", "/participants", "/typing"] {
            let json = ["/messages": #"{"text":"a"}"#, "/participants": #"{"account":"carol@example.com"}"#][place]
            let answer = await harness.call("POST", path + "/conversations/x" + place, token: alice.token, json: json)
            #expect(answer.code == "not-found", "\(place)")
        }
        try await harness.stop()
        try await server.stop()
    }

    @Test("Leaving is 204 also when repeated; what never was is 404")
    func leaving() async throws {
        let (server, harness, alice, session) = try await stage()
        let path = "/v1/sessions/\(alice.id)/conversations"
        session.hear(.conversation(.opened(one, participants: [bob])))
        let id = try await harness.call("GET", path, token: alice.token).string("conversations", "0", "id")
        session.hear(.conversation(.closed(one, .left)))
        #expect(await harness.call("GET", path + "/\(id)", token: alice.token).status == 404)
        #expect(await harness.call("DELETE", path + "/\(id)", token: alice.token).status == 204)
        #expect(await harness.call("DELETE", path + "/\(id)", token: alice.token).status == 204)
        #expect(await harness.call("DELETE", path + "/\(id)0", token: alice.token).code == "not-found")
        #expect(await harness.call("DELETE", path + "/x", token: alice.token).code == "not-found")
        try await harness.stop()
        try await server.stop()
    }

    @Test("The caller's own account is no one to talk to, in whatever capitals")
    func oneself() async throws {
        let (server, harness, alice, session) = try await stage()
        let path = "/v1/sessions/\(alice.id)"
        session.hear(.conversation(.opened(one, participants: [bob])))
        let id = try await harness.call("GET", path + "/conversations", token: alice.token)
            .string("conversations", "0", "id")
        for (place, json, pointer) in [
            ("/messages", #"{"to":"Alice@example.com","text":"a"}"#, "/to"),
            ("/conversations", #"{"participants":["bob@example.com","ALICE@example.com"]}"#, "/participants/1"),
            ("/conversations/\(id)/participants", #"{"account":"alice@Example.com"}"#, "/account"),
        ] {
            let answer = await harness.call("POST", path + place, token: alice.token, json: json)
            #expect(answer.status == 400)
            #expect(try answer.string("errors", "0", "pointer") == pointer)
        }
        try await harness.stop()
        try await server.stop()
    }

    @Test("An ended session is 409 with its reason, a reconnecting one 503; what can be read is read on")
    func notOnline() async throws {
        let (server, harness, alice, session) = try await stage()
        let path = "/v1/sessions/\(alice.id)"
        session.hear(.conversation(.opened(one, participants: [bob])))
        let id = try await harness.call("GET", path + "/conversations", token: alice.token)
            .string("conversations", "0", "id")
        let calls: [(String, String?)] = [
            ("/messages", #"{"to":"bob@example.com","text":"a"}"#),
            ("/conversations", #"{"participants":["bob@example.com"]}"#),
            ("/conversations/\(id)/messages", #"{"text":"a"}"#),
            ("/conversations/\(id)/participants", #"{"account":"carol@example.com"}"#),
            ("/conversations/\(id)/typing", nil),
        ]
        session.hear(.reconnecting(.connectionLost, after: .seconds(7)))
        for (place, json) in calls {
            let answer = await harness.call("POST", path + place, token: alice.token, json: json)
            #expect(answer.status == 503 && answer.code == "reconnecting", "\(place)")
            #expect(answer.header("Retry-After") == "7", "\(place)")
        }
        #expect(await harness.call("GET", path + "/conversations/\(id)", token: alice.token).status == 200)
        session.hear(.ended(.signedInElsewhere))
        for (place, json) in calls {
            let answer = await harness.call("POST", path + place, token: alice.token, json: json)
            #expect(answer.status == 409 && answer.code == "session-ended", "\(place)")
            #expect(try answer.string("reason") == "signedInElsewhere", "\(place)")
        }
        for (method, place) in [("GET", ""), ("GET", "/\(id)"), ("DELETE", "/\(id)"), ("GET", "/x")] {
            let answer = await harness.call(method, path + "/conversations" + place, token: alice.token)
            #expect(answer.code == "session-ended", "\(method) \(place)")
        }
        #expect(
            try await harness.call("GET", path + "/snapshot", token: alice.token).string("conversations", "0", "id")
                == id)
        try await harness.stop()
        try await server.stop()
    }

    @Test("2,000 messages at once, then one each 20 ms; the others are told when to come back")
    func rate() async throws {
        let (server, harness, alice, _) = try await stage()
        let path = "/v1/sessions/\(alice.id)/messages"
        let body = Array(#"{"to":"bob@example.com","text":"a"}"#.utf8)
        for _ in 0..<MessagingLimits.messageBurst {
            let call = harness.begin("POST", path, token: alice.token, body: body)
            if !call.isParked { #expect(await call.answer().text.contains("50 messages a second") == false) }
        }
        let refused = await harness.begin("POST", path, token: alice.token, body: body).answer()
        #expect(refused.status == 429 && refused.code == "rate-limited")
        #expect(refused.header("Retry-After") == "1")
        #expect(try refused.string("detail").contains("50 messages a second"))
        let malformed = await harness.call("POST", path, token: alice.token, json: "{}")
        #expect(malformed.status == 400, "what can't be sent counts for nothing")
        harness.clock.advance(.milliseconds(20))
        let next = harness.begin("POST", path, token: alice.token, body: body)
        if !next.isParked { #expect(await next.answer().status != 429) }
        let after = await harness.begin("POST", path, token: alice.token, body: body).answer()
        #expect(after.status == 429)
        #expect(harness.log.lines.all.allSatisfy { !$0.contains("bob@example.com") })
        try await harness.stop()
        try await server.stop()
    }
}
