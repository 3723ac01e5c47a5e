import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// `Idempotency-Key` through the router, at a route of the test's own.
@Suite(.timeLimit(.minutes(5))) struct IdempotencyTests {
    /// Two routes that do something, and a word from the test that lets them finish.
    private final class Stage: Sendable {
        let harness: GatewayHarness
        let router: Router
        /// The bodies with which something was done.
        let done = Recorder<String>()
        /// What the next work ends with, in its order.
        let endings = Recorder<Int>()
        let finished = Recorder<Int>()
        let session: (id: String, token: String)

        init() async throws {
            let harness = try await GatewayHarness.withSandbox()
            self.harness = harness
            session = try await harness.signIn("alice@example.com")
            let (done, endings, finished) = (done, endings, finished)
            let configuration = GatewayConfiguration(
                backends: [.init(name: "none", address: .init(host: "127.0.0.1", port: 1))], listensOnLoopback: true)
            router = Router(
                routes: [
                    Route(
                        "/v1/sessions/{sid}/acts",
                        [
                            "POST": Endpoint(body: .json, honoursWait: true, honoursIdempotencyKey: true) {
                                call throws(Problem) in
                                let text = String(decoding: call.body, as: UTF8.self)
                                if text.contains("invalid") { throw Problem(.invalidRequest, "said so") }
                                done.record(text)
                                let number = done.all.count
                                return .later { () throws(Problem) in
                                    // Work that a cancelled call has begun goes on.
                                    let ending =
                                        await Task { try? await endings.first { $0 / 1000 == number } }.value ?? 500
                                    defer { finished.record(number) }
                                    switch ending % 1000 {
                                    case 502:
                                        var problem = Problem(.backendError, "refused")
                                        problem.mayHaveActed = true
                                        throw problem
                                    case 503: throw Problem(.reconnecting, "not now").retrying(after: 1)
                                    default:
                                        var response = Response.json(
                                            JSONMember("number", number), status: ending % 1000)
                                        response.set("Location", "/acts/\(number)")
                                        return response
                                    }
                                }
                            }
                        ]),
                    Route(
                        "/v1/sessions/{sid}/others",
                        [
                            "POST": Endpoint(body: .json, honoursIdempotencyKey: true) { call throws(Problem) in
                                done.record("other")
                                return .now(.json(JSONMember("number", done.all.count)))
                            }
                        ]),
                ], files: .none, configuration: configuration, registry: harness.gateway.registry,
                metrics: harness.gateway.metrics, logger: harness.log.logger)
        }

        func post(
            _ body: String = #"{"a":1}"#, key: String?, token: String? = nil, path: String = "acts",
            _ headers: HeaderFields = []
        ) -> PendingCall {
            var headers = headers
            if let key { headers.add("Idempotency-Key", key) }
            return harness.begin(
                "POST", "/v1/sessions/\(session.id)/\(path)", token: token ?? session.token, body: Array(body.utf8),
                headers: headers, router: router)
        }

        /// Ends the work of that number with a status.
        func end(_ number: Int, _ status: Int = 201) { endings.record(number * 1000 + status) }
    }

    @Test("The first answer comes again, and the work is done once")
    func replay() async throws {
        let stage = try await Stage()
        let first = stage.post(key: "k", [("Prefer", "wait=3")])
        let early = await stage.post(key: "k").answer()
        #expect(early.code == "idempotency-in-progress")
        #expect(early.status == 409)
        #expect(early.header("Retry-After") == "1")
        stage.end(1)
        let answer = await first.answer()
        #expect(answer.status == 201)
        #expect(answer.header("Idempotency-Replayed") == nil)
        #expect(answer.header("Preference-Applied") == "wait=3")
        let again = await stage.post(key: "k", [("X-Request-Id", "again"), ("Prefer", "wait=3")]).answer()
        #expect(again.status == 201)
        #expect(again.text == answer.text)
        #expect(again.header("Location") == "/acts/1")
        #expect(again.header("Content-Type") == "application/json")
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(again.header("X-Request-Id") == "again", "each answer has its own")
        #expect(again.header("Preference-Applied") == nil, "it waited for nothing")
        let other = await stage.post(#"{"a":2}"#, key: "k").answer()
        #expect(other.code == "idempotency-mismatch")
        #expect(other.status == 422)
        #expect(stage.done.all.count == 1)
        try await stage.harness.stop()
    }

    @Test("Without a key everything is done; another path or key is another request, another token is not")
    func scope() async throws {
        let stage = try await Stage()
        let body = Array(#"{"account":"alice@example.com","password":"sandbox"}"#.utf8)
        let second = try await stage.harness.begin("POST", "/v1/sessions", body: body).answer().string("token")
        for number in 1...10 { stage.end(number) }
        #expect(await stage.post(key: nil).answer().status == 201)
        #expect(await stage.post(key: nil).answer().status == 201)
        #expect(await stage.post(key: "k").answer().status == 201)
        #expect(await stage.post(key: "l").answer().status == 201)
        #expect(await stage.post(key: "k", token: second).answer().header("Idempotency-Replayed") == "true")
        #expect(await stage.post(key: "k", path: "others").answer().status == 200)
        #expect(stage.done.all.count == 5)
        #expect(await stage.post(key: "k", path: "others").answer().header("Idempotency-Replayed") == "true")
        for bad in ["", "\"\"", "a b"] { #expect(await stage.post(key: bad).answer().code == "invalid-request") }
        #expect(await stage.post(key: "k", token: "mgt_guess").answer().status == 401, "credentials come first")
        #expect(stage.done.all.count == 5)
        try await stage.harness.stop()
    }

    @Test("A caller that leaves loses nothing: the work goes on, and its answer is there")
    func leaving() async throws {
        let stage = try await Stage()
        let first = stage.post(key: "k")
        first.leave()
        #expect(await stage.post(key: "k").answer().code == "idempotency-in-progress")
        stage.end(1)
        try await stage.finished.first { $0 == 1 }
        var again = await stage.post(key: "k").answer()
        while again.code == "idempotency-in-progress" {
            await Task.yield()
            again = await stage.post(key: "k").answer()
        }
        #expect(again.status == 201)
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(stage.done.all.count == 1)
        try await stage.harness.stop()
    }

    @Test("A caller whose time is up gets the same answer again")
    func timeOut() async throws {
        let stage = try await Stage()
        let first = stage.post(key: "k")
        first.release()
        #expect(await first.answer().code == "backend-timeout")
        let again = await stage.post(key: "k").answer()
        #expect(again.code == "backend-timeout")
        #expect(again.header("Idempotency-Replayed") == "true")
        stage.end(1)
        #expect(stage.done.all.count == 1)
        try await stage.harness.stop()
    }

    @Test("Failures of which something may have come are repeated; those of which nothing came are not")
    func failures() async throws {
        let stage = try await Stage()
        stage.end(1, 502)
        stage.end(2, 503)
        stage.end(3)
        let failed = await stage.post(key: "k").answer()
        let again = await stage.post(key: "k").answer()
        #expect(failed.code == "backend-error")
        #expect(again.code == "backend-error")
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(try again.string("requestId") == again.header("X-Request-Id"))
        let busy = await stage.post(key: "l").answer()
        #expect(busy.code == "reconnecting")
        #expect(await stage.post(key: "l").answer().status == 201)
        #expect(await stage.post("invalid", key: "m").answer().status == 400)
        #expect(await stage.post("invalid", key: "m").answer().header("Idempotency-Replayed") == nil)
        #expect(stage.done.all.count == 3)
        try await stage.harness.stop()
    }

    @Test("White space and the order of members make no other request; another member, value or kind does")
    func sameBody() async throws {
        let stage = try await Stage()
        stage.end(1)
        #expect(await stage.post(#"{"a":1,"b":[true,"x\u0041"]}"#, key: "k").answer().status == 201)
        let again = await stage.post(#" { "b" : [ true , "xA" ] , "a" : 1.0 } "#, key: "k").answer()
        #expect(again.header("Idempotency-Replayed") == "true")
        for other in [
            #"{"a":1,"b":["x\u0041",true]}"#, #"{"a":"1","b":[true,"xA"]}"#, #"{"a":1,"b":[true,"xA"],"c":null}"#,
            #"{"a":1,"b":[true,"xa"]}"#, #"{"a":1}"#,
        ] {
            #expect(await stage.post(other, key: "k").answer().code == "idempotency-mismatch")
        }
        try await stage.harness.stop()
    }

    @Test("A message goes out once, however often it is asked for; what never went out may be tried again")
    func messages() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        func send(_ to: String, _ key: String) async -> TestAnswer {
            await harness.call(
                "POST", path + "/messages", token: alice.token, json: #"{"to":"\#(to)","text":"hi"}"#,
                headers: [("Idempotency-Key", key)])
        }
        let absent = await send("erin@example.com", "a")
        #expect(absent.code == "contact-offline")
        _ = try await harness.signIn("erin@example.com")
        let there = await send("erin@example.com", "a")
        #expect(there.status == 201, "\(there.text)")
        #expect(there.header("Idempotency-Replayed") == nil)

        _ = try await harness.signIn("bob@example.com")
        let bob = "contacts/bob@example.com"
        while try await harness.call("GET", path + "/" + bob, token: alice.token).string("status") != "online" {
            await Task.yield()
        }
        let first = await send("bob@example.com", "b")
        #expect(first.status == 201, "\(first.text)")
        let again = await send("bob@example.com", "b")
        #expect(again.status == 201)
        #expect(again.header("Location") == first.header("Location"))
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(await send("erin@example.com", "b").code == "idempotency-mismatch")
        let page = await harness.call("GET", path + "/events?after=oldest&wait=0&limit=500", token: alice.token)
        let told = page.types.filter { $0.hasPrefix("message.") }
        #expect(
            told == [
                "message.sent", "message.failed", "message.sent", "message.delivered", "message.sent",
                "message.delivered",
            ])
        try await harness.stop()
    }
}
