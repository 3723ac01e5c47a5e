import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// What `/v1/webhooks` answers, and whom.
@Suite(.timeLimit(.minutes(5))) struct WebhookRouteTests {
    @Test("One is made with a secret that is seen once, found, changed and deleted")
    func life() async throws {
        let stage = try await WebhookStage(keeps: false)
        let session = try await stage.signIn()
        let made = await stage.call(
            "POST", "",
            #"{"url":"\#(WebhookStage.url)","types":["message.*","session.state"],"sessions":["\#(session.id)"]}"#)
        #expect(made.status == 201)
        let (id, secret) = (try made.string("webhook", "id"), try made.string("secret"))
        #expect(made.header("Location") == "/v1/webhooks/\(id)")
        #expect(secret.hasPrefix("whsec_"))
        let webhook = try #require(made.value("webhook"))
        #expect(webhook["url"]?.text == WebhookStage.url)
        #expect(webhook["key"]?.text == "bot")
        #expect(webhook["state"]?.text == "active")
        #expect(webhook["enabled"] == .bool(true))
        #expect(webhook["durable"] == .bool(false))
        #expect(webhook["types"] == .array([.string("message.*"), .string("session.state")]))
        #expect(webhook["sessions"] == .array([.string(session.id)]))
        let found = await stage.call("GET", "/\(id)")
        #expect(found.status == 200)
        #expect(!found.text.contains(secret))
        let list = await stage.call("GET")
        #expect(try list.string("webhooks", "0", "id") == id)
        let changed = await stage.call(
            "PATCH", "/\(id)", #"{"url":"https://new.example.com","types":null,"sessions":null,"enabled":false}"#)
        #expect(try changed.string("url") == "https://new.example.com/")
        #expect(changed.value("types") == nil)
        #expect(changed.value("sessions") == nil)
        #expect(try changed.string("reason") == "byOwner")
        #expect(await stage.call("PATCH", "/\(id)").text == changed.text, "a patch without members changes nothing")
        #expect(await stage.call("DELETE", "/\(id)").status == 204)
        #expect(await stage.call("DELETE", "/\(id)").status == 404)
        #expect(await stage.call("GET", "/\(id)").status == 404)
        #expect(await stage.call("GET").text == #"{"webhooks":[]}"#)
        try await stage.stop()
    }

    @Test(
        "What can't be a webhook is refused, with the place",
        arguments: [
            (#"{}"#, "/url"), (#"{"url":7}"#, "/url"), (#"{"url":"ftp://a.example.com"}"#, "/url"),
            (#"{"url":"https://u:p@a.example.com"}"#, "/url"), (#"{"url":"https://a.example.com/#x"}"#, "/url"),
            (#"{"url":"http://a.example.com"}"#, "/url"), (#"{"url":"https://127.0.0.1/"}"#, "/url"),
            (#"{"url":"https://[::1]/"}"#, "/url"), (#"{"url":"https://10.1.2.3/"}"#, "/url"),
            (#"{"url":"https://a.example.com:25/"}"#, "/url"),
            (#"{"url":"https://a.example.com","types":[]}"#, "/types"),
            (#"{"url":"https://a.example.com","types":["nothing"]}"#, "/types/0"),
            (#"{"url":"https://a.example.com","types":["typing",1]}"#, "/types/1"),
            (#"{"url":"https://a.example.com","types":["typing","typing"]}"#, "/types/1"),
            (#"{"url":"https://a.example.com","sessions":["AAAAAAAAAAAAAAAA"]}"#, "/sessions/0"),
            (#"{"url":"https://a.example.com","secret":"whsec_mine"}"#, "/secret"),
        ])
    func refused(body: String, pointer: String) async throws {
        let stage = try await WebhookStage(keeps: false)
        let answer = await stage.call("POST", "", body)
        #expect(answer.status == 400)
        #expect(try answer.string("errors", "0", "pointer") == pointer)
        #expect(await stage.call("GET").text == #"{"webhooks":[]}"#)
        try await stage.stop()
    }

    @Test("What the operator lists is allowed, also once it is changed while the gateway runs")
    func allowed() async throws {
        let stage = try await WebhookStage(keeps: false)
        let body = #"{"url":"http://127.0.0.1:9/x"}"#
        #expect(await stage.call("POST", "", body).status == 400)
        _ = try await stage.make()
        var configuration = GatewayConfiguration(
            backends: [.init(name: "sandbox", address: .init(host: "127.0.0.1"))], listensOnLoopback: true)
        configuration.webhooks.policy.listed = [try #require(AddressRange("127.0.0.0/8"))]
        stage.harness.gateway.apply(configuration)
        #expect(await stage.call("POST", "", body).status == 201)
        #expect(stage.transport.policy == configuration.webhooks.policy)
        try await stage.stop()
    }

    @Test("Through a proxy http: goes to listed addresses alone, and whoever names a name is told")
    func throughProxy() async throws {
        let stage = try await WebhookStage(keeps: false) { configuration in
            configuration.webhooks.policy.listed = [AddressRange("10.0.0.0/8")].compactMap(\.self)
            configuration.webhooks.proxy = "http://proxy.example:3128"
        }
        let refused = await stage.call("POST", "", #"{"url":"http://bot.example.com/"}"#)
        #expect(refused.status == 400)
        #expect(try refused.string("errors", "0", "pointer") == "/url")
        #expect(try refused.string("errors", "0", "detail").contains("webhooks.proxy"))
        #expect(!refused.text.contains("3128"))
        let (id, _) = try await stage.make()
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"http://bot.example.com/"}"#).status == 400)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"http://10.1.2.3/"}"#).status == 200)
        // The addresses may change while it runs, and the proxy does not.
        var configuration = GatewayConfiguration(
            backends: [.init(name: "sandbox", address: .init(host: "127.0.0.1"))], listensOnLoopback: true)
        configuration.webhooks.policy.listed = [try #require(AddressRange("192.168.0.0/16"))]
        stage.harness.gateway.apply(configuration)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"http://bot.example.com/"}"#).status == 400)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"http://192.168.0.1/"}"#).status == 200)
        try await stage.stop()
    }

    @Test("A key has 64 at most, and each deleted one makes room")
    func most() async throws {
        let stage = try await WebhookStage(keeps: false)
        var last = ""
        for _ in 1...64 { last = try await stage.make().id }
        let refused = await stage.call("POST", "", #"{"url":"https://a.example.com"}"#)
        #expect(refused.code == "invalid-request")
        let other = try stage.keys.add("other")
        let theirs = await stage.harness.call(
            "POST", "/v1/webhooks", token: other, json: #"{"url":"https://a.example.com"}"#)
        #expect(theirs.status == 201)
        #expect(await stage.call("DELETE", "/" + last).status == 204)
        _ = try await stage.make()
        try await stage.stop()
    }

    @Test("Nobody else sees, changes or uses one; an administrator sees it without its query, and switches it")
    func isolation() async throws {
        let stage = try await WebhookStage(keeps: false)
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let before = await stage.call("GET", "/\(id)").text
        let (other, admin) = (try stage.keys.add("other"), try stage.keys.add("admin", [.admin]))
        let token = try await stage.harness.call(
            "POST", "/v1/sessions", token: stage.bot, json: #"{"account":"alice@example.com","password":"sandbox"}"#
        ).string("token")
        let calls = [
            ("GET", "", nil), ("HEAD", "", nil), ("PATCH", "", #"{"enabled":false}"#), ("DELETE", "", nil),
            ("POST", "/secret", nil), ("POST", "/test", nil), ("POST", "/replay", #"{"after":"oldest"}"#),
        ]
        for (method, path, json) in calls {
            let target = "/v1/webhooks/\(id)\(path)"
            let theirs = await stage.harness.call(method, target, token: other, json: json)
            #expect(theirs.status == 404, "\(method) \(path)")
            for credentials in [nil, token, "mgk_guess"] {
                let answer = await stage.harness.call(method, target, token: credentials, json: json)
                #expect(answer.status == 401, "\(method) \(path)")
            }
        }
        #expect(await stage.harness.call("GET", "/v1/webhooks", token: other).text == #"{"webhooks":[]}"#)
        #expect(await stage.harness.call("GET", "/v1/webhooks", token: token).status == 401)
        #expect(await stage.call("GET", "/\(id)").text == before)
        // Nor can somebody else's session be named.
        let named = await stage.harness.call(
            "POST", "/v1/webhooks", token: other,
            json: #"{"url":"https://a.example.com","sessions":["\#(session.id)"]}"#)
        #expect(try named.string("errors", "0", "pointer") == "/sessions/0")

        let listed = await stage.harness.call("GET", "/v1/webhooks", token: admin)
        #expect(try listed.string("webhooks", "0", "url") == "https://bot.example.com/events")
        #expect(try listed.string("webhooks", "0", "key") == "bot")
        for (method, path, json) in calls where !["GET", "HEAD", "PATCH"].contains(method) && path != "/test" {
            let answer = await stage.harness.call(method, "/v1/webhooks/\(id)\(path)", token: admin, json: json)
            #expect(answer.status == 404, "\(method) \(path)")
        }
        let moved = await stage.harness.call(
            "PATCH", "/v1/webhooks/\(id)", token: admin, json: #"{"url":"https://evil.example.com"}"#)
        #expect(moved.status == 400)
        stage.transport.answer { _ in .answered(status: 200) }
        #expect(await stage.harness.call("POST", "/v1/webhooks/\(id)/test", token: admin).status == 200)
        let off = await stage.harness.call(
            "PATCH", "/v1/webhooks/\(id)", token: admin, json: #"{"enabled":false}"#)
        #expect(try off.string("state") == "disabled")
        #expect(!off.text.contains("hidden"))
        try await stage.stop()
    }

    @Test("A test is sent at once, says what came of it, and moves nothing")
    func test() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let position = try await stage.webhook(id).string("position")
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let call = stage.harness.begin(
            "POST", "/v1/webhooks/\(id)/test", token: stage.bot,
            headers: [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
        let sent = try await stage.transport.attempt(1)
        #expect(sent.types == ["webhook.test"])
        let parts = sent.fields["traceparent"]?.split(separator: "-") ?? []
        #expect(parts.count == 4 && parts[1] == trace && parts[2] != "00f067aa0ba902b7", "the call's trace goes on")
        #expect(sent.webhook == id)
        #expect(sent.signatures.count == 1)
        let second = stage.harness.begin("POST", "/v1/webhooks/\(id)/test", token: stage.bot)
        let webhook = try #require(stage.harness.gateway.webhooks.find(id[...]))
        while webhook.state.withLock({ $0.tester == nil }) { await Task.yield() }
        let third = await stage.harness.call("POST", "/v1/webhooks/\(id)/test", token: stage.bot)
        #expect(third.status == 429)
        #expect(third.header("RateLimit")?.hasPrefix("\"tests\";r=0") == true)
        stage.harness.clock.advance(.milliseconds(250))
        stage.transport.answer(sent, .answered(status: 418))
        let answer = await call.answer()
        #expect(answer.status == 200)
        #expect(answer.value("status") == .number(418))
        #expect(try answer.string("outcome") == "refused")
        #expect(answer.value("milliseconds") == .number(250))
        stage.transport.answer(try await stage.transport.attempt(2), .failed(.addressRefused))
        #expect(try await second.answer().string("outcome") == "addressRefused")
        #expect(try await stage.webhook(id).string("position") == position)
        #expect(try await stage.webhook(id).string("state") == "active")
        // Of one that is disabled, too, and behind an attempt that is under way.
        try await stage.tell(session, ["One"])
        let event = try await stage.transport.attempt(3)
        let waiting = stage.harness.begin("POST", "/v1/webhooks/\(id)/test", token: stage.bot)
        #expect(stage.transport.inFlight == 1)
        stage.transport.answer(event)
        stage.transport.answer(try await stage.transport.attempt(4))
        #expect(try await waiting.answer().string("outcome") == "accepted")
        try await stage.stop()
    }

    @Test("Where nothing can be sent no webhook is made, and the log alone says what is missing")
    func unavailable() async throws {
        let stage = try await WebhookStage(keeps: false) { configuration in
            configuration.webhooks.makeTransport = { _, _ in TestTransport(missing: "libcurl.so.4: not there") }
        }
        let refused = await stage.call("POST", "", #"{"url":"https://bot.example.com"}"#)
        #expect(refused.status == 501)
        #expect(refused.code == "webhooks-unavailable")
        #expect(!refused.text.contains("libcurl"))
        #expect(await stage.call("GET").text == #"{"webhooks":[]}"#)
        let log = stage.harness.log.lines.all
        #expect(log.contains { $0.hasPrefix("error ") && $0.contains("libcurl.so.4: not there") })
        try await stage.stop()
    }

    @Test("A revoked key's webhooks are gone, with what was under way")
    func revoked() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        _ = try await stage.make()
        try await stage.tell(session, ["One"])
        _ = try await stage.transport.attempt(1)
        try stage.keys.revoke("bot")
        while stage.transport.inFlight > 0 { await Task.yield() }
        #expect(stage.harness.gateway.webhooks.webhooks(of: nil).isEmpty)
        while try await !stage.disk.load(StoredWebhook.self, of: nil).isEmpty { await Task.yield() }
        #expect(try await stage.disk.load(StoredDelivery.self, of: nil).isEmpty)
        try await stage.stop()
    }

    @Test("While the state can't be written nothing is made, changed or sent")
    func unwritable() async throws {
        let stage = try await WebhookStage()
        let (id, _) = try await stage.make()
        await stage.settle()
        stage.store?.become(.failing("the disk is full"))
        for (method, path, json) in [
            ("POST", "", #"{"url":"https://a.example.com"}"#), ("PATCH", "/\(id)", #"{"enabled":false}"#),
            ("DELETE", "/\(id)", nil), ("POST", "/\(id)/secret", nil), ("POST", "/\(id)/replay", #"{"after":"now"}"#),
        ] {
            #expect(await stage.call(method, path, json).code == "state-unavailable", "\(method) \(path)")
        }
        #expect(try await stage.webhook(id).string("state") == "active")
        stage.store?.become(.good)
        try await stage.stop()
    }

    @Test("The metrics count attempts and states, and name nobody")
    func metrics() async throws {
        let stage = try await WebhookStage(keeps: false)
        let admin = try stage.keys.add("admin", [.admin])
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        stage.transport.answer { _ in .answered(status: 500) }
        try await stage.tell(session, ["One"])
        _ = await stage.webhook(id) { $0.state == "failing" }
        let text = await stage.harness.call("GET", "/metrics", token: admin).text
        #expect(text.contains(#"msnp_gateway_webhooks{state="failing"} 1"#))
        #expect(text.contains(#"msnp_gateway_webhook_attempts_total{outcome="refused"} 1"#))
        #expect(text.contains("msnp_gateway_webhook_lag_events 1\n"))
        #expect(!text.contains("example.com") && !text.contains(id))
        try await stage.stop()
    }

    @Test("No secret is in what a value shows of itself, in the log or in any answer but the two that show it")
    func secrets() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, secret) = try await stage.make()
        let rotated = try await stage.call("POST", "/\(id)/secret").string("secret")
        stage.transport.answer { _ in .failed(.unreachable) }
        try await stage.tell(session, ["One"])
        _ = await stage.webhook(id) { $0.state == "failing" }
        _ = await stage.call("POST", "/\(id)/test")
        let webhook = try #require(stage.harness.gateway.webhooks.find(id[...]))
        var shown = ""
        webhook.state.withLock { _ = dump($0.secrets, to: &shown) }
        let bodies = stage.harness.answered.all.map { String(decoding: $0.body, as: UTF8.self) }
        let texts = stage.harness.log.lines.all + [shown, String(reflecting: webhook)]
        for text in texts + bodies.filter({ !$0.contains("\"secret\":") }) {
            #expect(!text.contains(secret) && !text.contains(rotated))
            #expect(!text.contains(secret.dropFirst(6)) && !text.contains(rotated.dropFirst(6)))
        }
        #expect(bodies.count { $0.contains(secret) || $0.contains(rotated) } == 2)
        try await stage.stop()
    }
}
