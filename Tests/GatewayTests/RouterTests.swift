import HTTPFront
import TestSupport
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct RouterTests {
    private func harness(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox(change)
    }

    @Test("The checks come in their order: each request is refused for the first thing that is wrong")
    func order() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let bob = try await harness.signIn("bob@example.com")
        let presence = "/v1/sessions/\(alice.id)/presence"
        let evil: (name: String, value: String) = ("Origin", "https://evil.example")
        let big = [UInt8](repeating: 0x20, count: GatewayLimits.body + 1)
        func status(
            _ method: String, _ path: String, _ token: String?, _ body: [UInt8]?, _ headers: HeaderFields
        ) async -> String? {
            await harness.begin(method, path, token: token, body: body, headers: headers).answer().code
        }
        let text: (name: String, value: String) = ("Content-Type", "text/plain")
        let host: (name: String, value: String) = ("Host", "evil.example")
        #expect(await status("BREW", "/nothing", nil, big, [host, evil, text]) == "misdirected-host")
        #expect(await status("BREW", "/v1/nothing", nil, big, [evil, text]) == "not-found")
        #expect(await status("BREW", presence, nil, big, [evil, text]) == "method-not-allowed")
        #expect(await status("PUT", presence, nil, big, [evil, text]) == "cross-origin")
        #expect(await status("PUT", presence, nil, big, [text]) == "unauthorized")
        #expect(await status("PUT", presence, "mgt_guess", big, [text]) == "unauthorized")
        #expect(await status("PUT", presence, bob.token, big, [text]) == "not-found")
        #expect(await status("PUT", presence, alice.token, big, [text]) == "unsupported-media-type")
        #expect(await status("PUT", presence, alice.token, big, []) == "body-too-large")
        #expect(await status("PUT", presence, alice.token, [0x7B], []) == "invalid-request")
        #expect(await status("PUT", presence, alice.token, Array(#"{"status":"busy"}"#.utf8), []) == nil)
        try await harness.stop()
    }

    @Test(
        "Hosts by which the gateway may be called",
        arguments: [
            ("127.0.0.1:8080", true), ("localhost", true), ("LOCALHOST:1", true), ("[::1]:8080", true),
            ("192.168.1.5", true), ("msn.example", true), ("MSN.example.:443", true), ("evil.example", false),
            ("127.0.0.1.evil.example", false), ("localhost.evil.example", false), ("", false), ("[::1", false),
            ("1.2.3", false), ("256.1.1.1", false), ("localhost:x", false), ("a:b:c", false),
            ("[a.b]", false), ("[127.0.0.1]", false), ("[1::2::3]", false),
        ])
    func hosts(host: String, permitted: Bool) {
        #expect(HostPolicy(publicHosts: ["msn.example"]).permits(host) == permitted)
    }

    @Test(
        "Whoever is refused for being one too many gets a problem, and the log a line",
        arguments: [
            (ConnectionRefusal.address, 429, "rate-limited"), (.connections, 503, "gateway-full"),
            (.descriptors, 503, "gateway-full"),
        ])
    func refusals(refusal: ConnectionRefusal, status: Int, code: String) async throws {
        let harness = try await harness()
        let response = harness.gateway.refuse(refusal)
        #expect(response.status == status)
        #expect(response.value(of: "Retry-After") == "5")
        #expect(response.value(of: "Content-Type") == "application/problem+json")
        #expect(String(decoding: response.body, as: UTF8.self).contains("\"code\":\"\(code)\""))
        harness.gateway.noteRefusals(refusal, count: 3)
        #expect(harness.log.lines.all.contains { $0.contains("connections refused") && $0.contains("\(refusal)") })
        for (path, isProbe) in [("/livez", true), ("/readyz", true), ("/v1", false), ("/livez/", false)] {
            #expect(harness.gateway.isProbe(RequestHead(method: "GET", path: path)) == isProbe)
        }
        try await harness.stop()
    }

    @Test("A loop's long turns are logged now and then, with a route's name and nobody's")
    func longTurns() async throws {
        let harness = try await harness()
        func note(_ path: String, _ method: String = "GET") {
            harness.gateway.noteLongTurn(
                LongTurn(
                    duration: .milliseconds(63), part: .handler, partDuration: .milliseconds(61),
                    slowest: RequestHead(method: method, path: path)))
        }
        func lines() -> [String] { harness.log.lines.all.filter { $0.contains("an HTTP loop had others wait") } }
        for _ in 1...3 { note("/v1/sessions/secret/contacts/bob@example.com") }
        #expect(lines().count == 1)
        let line = try #require(lines().first)
        for text in ["63", "61", "handler", "GET /v1/sessions/{sid}/contacts/{account}"] {
            #expect(line.contains(text))
        }
        #expect(!line.contains("bob") && !line.contains("secret"))
        harness.clock.advance(.seconds(10))
        note("/nowhere/secret", "BREW")
        #expect(lines().count == 2)
        let last = try #require(lines().last)
        #expect(last.contains("\"turns\": 3"))
        #expect(!last.contains("secret") && !last.contains("BREW"))
        try await harness.stop()
    }

    @Test("Probes answer under any name")
    func probes() async throws {
        let harness = try await harness()
        for path in ["/livez", "/readyz"] {
            #expect(await harness.call("GET", path, headers: [("Host", "10.0.0.1.probe.example")]).status == 200)
        }
        try await harness.stop()
    }

    @Test("A target that names its host is held to the same rule, HTTP/1.0 without Host included")
    func authorities() async throws {
        let harness = try await harness { $0.publicHosts = ["msn.example"] }
        func code(_ authority: String?, host: String? = nil, _ method: String = "GET", origin: String? = nil) -> String?
        {
            var headers: HeaderFields = []
            if let host { headers.add("Host", host) }
            if let origin { headers.add("Origin", origin) }
            let head = RequestHead(
                method: method, path: method == "GET" ? "/v1" : "/v1/sessions", authority: authority, headers: headers)
            switch harness.gateway.receive(head) {
            case .answer(.now(let response)): return TestAnswer(response).code
            case .answer, .readBody: return "more"
            }
        }
        #expect(code("evil.example") == "misdirected-host")
        #expect(code("evil.example:80") == "misdirected-host")
        #expect(code("evil.example", host: "127.0.0.1") == "misdirected-host", "it stands in place of Host")
        #expect(code("") == "misdirected-host")
        for fine in ["127.0.0.1:8080", "localhost", "MSN.example.:443", "[::1]"] { #expect(code(fine) == nil) }
        #expect(code(nil) == nil, "HTTP/1.0 need not say")
        // The gateway's own origin is the one of the name that the target has.
        #expect(code("127.0.0.1:8080", "POST", origin: "http://evil.example") == "cross-origin")
        #expect(code("127.0.0.1:8080", "POST", origin: "http://127.0.0.1:8080") != "cross-origin")
        #expect(code(nil, "POST", origin: "http://127.0.0.1:8080") == "cross-origin", "whose origin is not known")
        try await harness.stop()
    }

    @Test(
        "An unsafe method from a page of elsewhere is refused, null included; from here, from the list or none it is not"
    )
    func origins() async throws {
        let harness = try await harness { $0.corsOrigins = ["https://bots.example"] }
        let body = Array(#"{"account":"alice","password":"x"}"#.utf8)
        for (origin, code) in [
            ("https://evil.example", "cross-origin"), ("null", "cross-origin"),
            ("http://127.0.0.1:8081", "cross-origin"),
            ("http://127.0.0.1:8080", "invalid-request"), ("https://bots.example", "invalid-request"),
        ] {
            let answer = await harness.begin("POST", "/v1/sessions", body: body, headers: [("Origin", origin)]).answer()
            #expect(answer.code == code, "\(origin)")
        }
        #expect(await harness.call("GET", "/v1", headers: [("Origin", "https://evil.example")]).status == 200)
        try await harness.stop()
    }

    @Test("Methods: Allow, OPTIONS, HEAD")
    func methods() async throws {
        let harness = try await harness()
        let refused = await harness.call("DELETE", "/v1/sessions")
        #expect(refused.status == 405)
        #expect(refused.header("Allow") == "GET, HEAD, OPTIONS, POST")
        let options = await harness.call("OPTIONS", "/v1/sessions/x")
        #expect(options.status == 204)
        #expect(options.header("Allow") == "DELETE, GET, HEAD, OPTIONS, PATCH")
        #expect(await harness.call("OPTIONS", "*").status == 204)
        let alice = try await harness.signIn("alice@example.com")
        let bye = await harness.call(
            "DELETE", "/v1/sessions/\(alice.id)", token: alice.token, headers: [("Accept", "text/html")])
        #expect(bye.status == 204, "an answer without a body is acceptable to all")
        #expect(await harness.call("OPTIONS", "/nothing").status == 404)
        let head = await harness.call("HEAD", "/v1/errors", headers: [("X-Request-Id", "same")])
        let get = await harness.call("GET", "/v1/errors", headers: [("X-Request-Id", "same")])
        #expect(head.response == get.response, "the front leaves out the body")
        try await harness.stop()
    }

    @Test(
        "Paths that are none",
        arguments: [
            "/", "//v1", "/v1/", "/V1", "/v1/sessions/", "/v1/sessions//events", "/v1/errors/911%00", "/v1/%zz",
            "/v1/errors/+911", "/v1/errors/0911", "/v1/errors/99999", "/v1/..%2f..%2fetc%2fpasswd", "/../../etc/passwd",
            "/v1/%ff", "/docs",
        ])
    func paths(path: String) async throws {
        let harness = try await harness()
        let answer = await harness.call("GET", path)
        #expect(answer.status == 404, "\(path)")
        #expect(answer.code == "not-found")
        try await harness.stop()
    }

    @Test("Every answer has a request ID: the caller's if it is fit, else one of ours")
    func requestIDs() async throws {
        let harness = try await harness()
        #expect(
            await harness.call("GET", "/v1", headers: [("X-Request-Id", "Abc-1._")]).header("X-Request-Id") == "Abc-1._"
        )
        for bad in ["", "a b", "ä", "x\u{7F}", String(repeating: "x", count: 129)] {
            let id = await harness.call("GET", "/v1/none", headers: [("X-Request-Id", bad)]).header("X-Request-Id")
            #expect(id?.isEmpty == false)
            #expect(id != bad)
        }
        let problem = await harness.call(
            "GET", "/v1/none", headers: [("X-Request-Id", "trace-me"), ("Accept", "text/html")])
        #expect(try problem.string("requestId") == "trace-me")
        #expect(problem.header("Content-Type") == "application/problem+json", "whatever Accept says")
        #expect(try problem.string("instance") == "/v1/none")
        #expect(problem.value("status") == .number(404))
        try await harness.stop()
    }

    @Test(
        "Preferences that make no sense are none",
        arguments: [";", "a,;", ",", "wait", "wait=", "wait=x;y", "=", ";wait=1", "wait=-1"])
    func preferences(text: String) async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        for path in ["/livez", "/nothing", "/v1/sessions/\(alice.id)/events?wait=0"] {
            let answer = await harness.call("GET", path, token: alice.token, headers: [("Prefer", text)])
            #expect(answer.header("Preference-Applied") == nil)
        }
        try await harness.stop()
    }

    @Test("Credentials: missing, wrong, doubled, of another scheme")
    func credentials() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let candidates: [HeaderFields] = [
            [], [("Authorization", "Bearer")], [("Authorization", "Basic \(alice.token)")],
            [("Authorization", alice.token)],
            [("Authorization", "Bearer \(alice.token) x")], [("Authorization", "Bearer \(alice.token.dropLast())")],
            [("Authorization", "Bearer \(alice.token)"), ("Authorization", "Bearer \(alice.token)")],
        ]
        for headers in candidates {
            let answer = await harness.call("GET", path, headers: headers)
            #expect(answer.status == 401)
            #expect(answer.header("WWW-Authenticate") == "Bearer")
        }
        for headers in candidates.dropFirst() {
            let opening = await harness.call(
                "POST", "/v1/sessions", json: #"{"account":"bob@example.com","password":"sandbox"}"#, headers: headers)
            #expect(opening.status == 401, "wrong credentials are not passed over")
        }
        #expect(await harness.call("GET", path + "?token=\(alice.token)").status == 401, "never in the URL")
        #expect(await harness.call("GET", path, headers: [("authorization", "bearer \(alice.token)")]).status == 200)
        let list = await harness.call("GET", "/v1/sessions", token: alice.token)
        #expect(try list.string("sessions", "0", "id") == alice.id)
        try await harness.stop()
    }

    @Test("Forms that can't be made are 406; forms that can be are chosen by weight")
    func acceptance() async throws {
        let harness = try await harness()
        #expect(await harness.call("GET", "/v1", headers: [("Accept", "text/html")]).code == "not-acceptable")
        #expect(
            await harness.call("GET", "/v1", headers: [("Accept", "application/json;q=0")]).code == "not-acceptable")
        for fine in ["*/*", "application/*", "text/html, application/json;q=0.1", ""] {
            #expect(await harness.call("GET", "/v1", headers: [("Accept", fine)]).status == 200)
        }
        let offered = ["application/json", "text/html"]
        #expect(Accept.best(of: offered, for: nil) == "application/json")
        #expect(Accept.best(of: offered, for: "text/html") == "text/html")
        #expect(Accept.best(of: offered, for: "text/*;q=0.5, application/json;q=0.4") == "text/html")
        #expect(Accept.best(of: offered, for: "*/*, application/json;q=0") == "text/html")
        #expect(Accept.best(of: offered, for: "image/png") == nil)
        try await harness.stop()
    }

    @Test("The entry, the catalogue and the page of problems")
    func documents() async throws {
        let harness = try await harness()
        let entry = await harness.call("GET", "/v1")
        #expect(try entry.string("name") == "msnp-gateway")
        #expect(try entry.string("signIn") == "open")
        #expect(try entry.string("backends", "0") == "sandbox")
        let proxied = await harness.call("GET", "/v1", headers: [("Via", "1.1 proxy")])
        #expect(try proxied.string("signIn") == "key")
        let catalogue = await harness.call("GET", "/v1/errors")
        guard case .array(let errors) = catalogue.value("errors") else {
            Issue.record("no catalogue")
            return
        }
        #expect(errors.count > 70)
        let child = await harness.call("GET", "/v1/errors/923")
        #expect(child.value("code") == .number(923))
        #expect(child.value("disagreement") != nil)
        #expect(await harness.call("GET", "/v1/errors/924").value("disagreement") != nil)
        let page = await harness.call("GET", "/docs/problems", headers: [("Accept", "text/html")])
        for code in ProblemCode.allCases { #expect(page.text.contains(#"id="\#(code.rawValue)""#)) }
        #expect(page.header("Content-Security-Policy")?.contains("default-src 'none'") == true)
        try await harness.stop()
    }

    @Test("A body where none belongs is refused")
    func needlessBody() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let answer = await harness.begin("DELETE", "/v1/sessions/\(alice.id)", token: alice.token, body: [0x7B])
            .answer()
        #expect(answer.status == 400)
        #expect(await harness.call("GET", "/v1/sessions/\(alice.id)", token: alice.token).status == 200)
        try await harness.stop()
    }
}
