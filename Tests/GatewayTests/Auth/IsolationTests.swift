import HTTPFront
import Locking
import MSNP
import Testing

@testable import Gateway

/// Nobody sees or touches anybody else's session, by whatever route there is.
@Suite(.timeLimit(.minutes(5))) struct IsolationTests {
    /// A call that would be good if its session were the caller's.
    private struct Attempt {
        let endpoint: Endpoint
        let method: String
        let template: String
        let json: String?
        let names: [String: String]

        init(_ method: String, _ template: String, _ endpoint: Endpoint, _ names: [String: String]) {
            self.names = names
            self.endpoint = endpoint
            self.method = method
            self.template = template
            json =
                switch endpoint.body {
                case .none: nil
                case .json, .patch: Self.bodies["\(method) \(template)"] ?? "{}"
                }
        }

        func path(_ session: String) -> String {
            template.split(separator: "/").reduce(into: "") { path, segment in
                let values = ["{sid}": session, "{account}": "echo@example.com", "{name}": "profile"]
                    .merging(names) { $1 }
                path += "/" + (values[String(segment)] ?? (segment.first == "{" ? "x" : String(segment)))
            }
        }

        /// Where `{}` would be refused.
        private static let bodies = [
            "PATCH /v1/sessions/{sid}": #"{"displayName":"Mallory"}"#,
            "PUT /v1/sessions/{sid}/presence": #"{"status":"busy"}"#,
            "PATCH /v1/sessions/{sid}/contacts/{account}": #"{"blocked":true}"#,
            "PUT /v1/sessions/{sid}/privacy": #"{"unknownContacts":"block","promptOnAdd":true}"#,
            "PATCH /v1/sessions/{sid}/phones": #"{"home":"1"}"#,
            "POST /v1/sessions/{sid}/messages": #"{"to":"bob@example.com","text":"hi"}"#,
            "POST /v1/sessions/{sid}/conversations": #"{"participants":["bob@example.com"]}"#,
            "POST /v1/sessions/{sid}/conversations/{cid}/messages": #"{"text":"hi"}"#,
            "POST /v1/sessions/{sid}/conversations/{cid}/participants": #"{"account":"carol@example.com"}"#,
        ]
    }

    /// Gives a session a conversation and a message, and says what they are called.
    private func converse(_ session: Session) throws -> [String: String] {
        let conversation = ConversationID(rawValue: 1)
        let message = try session.state.withLock { state in
            state.record.conversations.messages.register(
                MessageDraft(text: try MessageText(validating: "hi"), format: nil, clientRef: nil),
                at: session.createdAt)
        }
        session.hear(
            .conversation(.opened(conversation, participants: [ListMember(handle: "bob@example.com", name: "Bob")])))
        session.hear(.conversation(.sent(message.id, conversation)))
        return session.state.withLock { state in
            ["{cid}": state.record.name(of: conversation), "{mid}": state.record.name(of: message.id)]
        }
    }

    private func attempts(_ harness: GatewayHarness, _ names: [String: String]) -> [Attempt] {
        harness.gateway.router.all.filter { $0.template.contains("{sid}") }.flatMap { route in
            route.endpoints.sorted { $0.key < $1.key }.flatMap { method, endpoint in
                (method == "GET" ? ["GET", "HEAD"] : [method]).map { Attempt($0, route.template, endpoint, names) }
            }
        }
    }

    @Test("Every route of a session is closed to other keys, other sessions' tokens, administrators and nobody")
    func everyRoute() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let (mine, theirs) = (try keys.add("mine"), try keys.add("theirs"))
        let admin = try keys.add("admin", [.admin])
        let alice = try await harness.signIn("alice@example.com", key: mine)
        let erin = try await harness.signIn("erin@example.com", key: theirs)
        let attempts = attempts(harness, try converse(try #require(harness.gateway.registry.session(alice.id))))
        #expect(attempts.count >= 25)
        let snapshot = "/v1/sessions/\(alice.id)/snapshot"
        let before = await harness.call("GET", snapshot, token: mine).text
        let nowhere = await harness.call("GET", "/v1/sessions/AAAAAAAAAAAAAAAA/snapshot", token: theirs)

        for attempt in attempts {
            let call = "\(attempt.method) \(attempt.template)"
            #expect([.session, .sessionOrAdmin].contains(attempt.endpoint.access), "\(call)")
            let isForAdmin = attempt.endpoint.access == .sessionOrAdmin
            for (who, credentials) in [("theirs", theirs), ("token", erin.token), ("admin", admin)] {
                if isForAdmin, who == "admin" { continue }
                let answer = await harness.call(
                    attempt.method, attempt.path(alice.id), token: credentials, json: attempt.json)
                #expect(answer.status == 404, "\(call) with \(who)")
                #expect(try answer.string("detail") == nowhere.string("detail"), "\(call) with \(who)")
            }
            for credentials in [nil, "mgk_guess", "mgt_guess", String(mine.dropLast())] {
                let answer = await harness.call(
                    attempt.method, attempt.path(alice.id), token: credentials, json: attempt.json)
                #expect(answer.status == 401, "\(call)")
                #expect(answer.header("WWW-Authenticate") == "Bearer")
            }
        }
        #expect(await harness.call("GET", snapshot, token: mine).text == before, "nothing has changed")
        // The feeds of the others, an administrator's among them, have nothing of it.
        for (credentials, expects) in [(mine, true), (theirs, false), (admin, false)] {
            let feed = await harness.call("GET", "/v1/events?after=oldest&wait=0&limit=500", token: credentials)
            #expect(feed.status == 200)
            #expect(feed.text.contains(alice.id) == expects)
            #expect(feed.text.contains(erin.id) == (credentials == theirs))
            let stream = try await harness.begin("GET", "/v1/stream?after=oldest", token: credentials).stream()
            #expect(stream.events.contains { $0.data.contains(alice.id) } == expects)
        }

        // The attempts are worth something: the owner's are let in. The one that ends the session comes last.
        let ordered = attempts.filter { $0.method != "DELETE" } + attempts.filter { $0.method == "DELETE" }
        for attempt in ordered where attempt.template != "/v1/sessions/{sid}/events" || attempt.method == "HEAD" {
            if attempt.method == "DELETE", attempt.template.contains("{account}") { continue }
            let answer = await harness.call(attempt.method, attempt.path(alice.id), token: mine, json: attempt.json)
            #expect(
                answer.status != 401 && answer.code != "not-found",
                "\(attempt.method) \(attempt.template): \(answer.text)")
        }
        #expect(await harness.call("GET", "/v1/sessions/\(alice.id)", token: mine).text.contains(#""state":"ended""#))
        #expect(await harness.call("GET", "/v1/sessions/\(erin.id)", token: theirs).text.contains(#""state":"online""#))
        try await harness.stop()
    }

    @Test("Routes without a session are public, but for opening, listing and what is the operator's")
    func otherRoutes() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        _ = try keys.add("bot")
        for route in harness.gateway.router.all where !route.template.contains("{sid}") {
            for (method, endpoint) in route.endpoints {
                switch ("\(method) \(route.template)", endpoint.access) {
                case ("POST /v1/sessions", .signIn), ("GET /v1/sessions", .caller),
                    ("POST /v1/sandbox/faults", .operator), ("GET /metrics", .operator), ("GET /v1/keys", .operator),
                    ("GET /v1", .everyoneAndAdmin),
                    (_, .everyone):
                    break
                case ("GET /v1/events", .key), ("GET /v1/stream", .key): break
                // `WebhookRouteTests.isolation` has whose they are.
                case (_, .key) where route.template.hasPrefix("/v1/webhooks"): break
                default: Issue.record("\(method) \(route.template): who may call it?")
                }
            }
        }
        #expect(await harness.call("GET", "/v1/sessions").status == 401)
        #expect(await harness.call("GET", "/v1/sessions", token: "mgk_guess").status == 401)
        try await harness.stop()
    }
}
