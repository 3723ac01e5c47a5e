import HTTPFront
import Testing

@testable import Gateway

/// Nobody sees or touches anybody else's session, by whatever route there is.
@Suite(.timeLimit(.minutes(1))) struct IsolationTests {
    /// A call that would be good if its session were the caller's.
    private struct Attempt {
        let endpoint: Endpoint
        let method: String
        let template: String
        let json: String?

        init(_ method: String, _ template: String, _ endpoint: Endpoint) {
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
                path += "/" + (values[String(segment)] ?? (segment.first == "{" ? "x" : String(segment)))
            }
        }

        /// Where `{}` would be refused.
        private static let bodies = [
            "PATCH /v1/sessions/{sid}": #"{"displayName":"Mallory"}"#,
            "PUT /v1/sessions/{sid}/presence": #"{"status":"busy"}"#,
            "PATCH /v1/sessions/{sid}/contacts/{account}": #"{"blocked":true}"#,
            "PUT /v1/sessions/{sid}/privacy": #"{"unknownContacts":"block"}"#,
            "PATCH /v1/sessions/{sid}/phones": #"{"home":"1"}"#,
        ]
    }

    private func attempts(_ harness: GatewayHarness) -> [Attempt] {
        harness.gateway.router.all.filter { $0.template.contains("{sid}") }.flatMap { route in
            route.endpoints.sorted { $0.key < $1.key }.flatMap { method, endpoint in
                (method == "GET" ? ["GET", "HEAD"] : [method]).map { Attempt($0, route.template, endpoint) }
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
        let attempts = attempts(harness)
        #expect(attempts.count >= 15)
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
                case ("POST /v1/sessions", .signIn), ("GET /v1/sessions", .caller), (_, .everyone),
                    ("GET /metrics", .operation):
                    break
                default: Issue.record("\(method) \(route.template): who may call it?")
                }
            }
        }
        #expect(await harness.call("GET", "/v1/sessions").status == 401)
        #expect(await harness.call("GET", "/v1/sessions", token: "mgk_guess").status == 401)
        try await harness.stop()
    }
}
