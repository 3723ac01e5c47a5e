import ByteText
import HTTPFront
import Testing

@testable import Gateway

/// `ETag`, conditional requests, HEAD and OPTIONS (RFC 9110, 9.3 and 13).
@Suite(.timeLimit(.minutes(5))) struct ConditionalTests {
    @Test(
        "If-None-Match: lists, weak ones, a star, and what is no list",
        arguments: [
            (#""abc""#, true), (#"W/"abc""#, true), ("*", true), (#""x", "abc""#, true), (#""x","abc" , "y""#, true),
            (#"  "abc"  "#, true), (#", "abc","#, true), (#""a,b", "abc""#, true), (#""x""#, false), ("abc", false),
            ("", false), (#""abc"#, false), (#""ab"c"#, false), (#""x" "abc""#, false), (#""x,abc""#, false),
            (#"w/"abc""#, false), (#"*, "abc""#, false), (#"W/ "abc""#, false),
        ])
    func lists(_ header: String, _ isKnown: Bool) {
        #expect(EntityTag.isKnown(#""abc""#, to: header) == isKnown)
        #expect(EntityTag.isKnown(#"W/"abc""#, to: header) == isKnown, "compared weakly")
    }

    @Test func strongComparison() {
        #expect(EntityTag.isMatched(#""abc""#, by: #""x", "abc""#))
        #expect(EntityTag.isMatched(#""abc""#, by: "*"))
        #expect(!EntityTag.isMatched(#""abc""#, by: #"W/"abc""#))
        #expect(!EntityTag.isMatched(#"W/"abc""#, by: #"W/"abc""#))
    }

    @Test("What has a tag answers 304 to whoever knows it, GET and HEAD alike, with the fields that matter")
    func notModified() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        for target in [
            path + "/contacts", path + "/contacts/bob@example.com", path + "/profile", "/v1/errors", "/v1/errors/911",
            "/docs/problems",
        ] {
            let first = await harness.call("GET", target, token: alice.token)
            let tag = try #require(first.header("ETag"), "\(target)")
            #expect(first.status == 200)
            for method in ["GET", "HEAD"] {
                for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                    let again = await harness.call(
                        method, target, token: alice.token, headers: [("If-None-Match", known)])
                    #expect(again.status == 304, "\(method) \(target) \(known)")
                    #expect(again.response.body.isEmpty)
                    #expect(again.header("ETag") == tag)
                    #expect(again.header("Cache-Control") == first.header("Cache-Control"))
                    #expect(again.header("Content-Type") == nil)
                    #expect(again.header("X-Request-Id") != nil)
                }
            }
            let changed = await harness.call(
                "GET", target, token: alice.token, headers: [("If-None-Match", "\"else\"")])
            #expect(changed.status == 200)
        }
        try await harness.stop()
    }

    @Test("What would change something is done only to what If-Match names; to what is new, with If-None-Match: *")
    func preconditions() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let bob = "/v1/sessions/\(alice.id)/contacts/bob@example.com"
        let tag = try #require(await harness.call("GET", bob, token: alice.token).header("ETag"))
        func block(_ headers: HeaderFields) async -> TestAnswer {
            await harness.call("PATCH", bob, token: alice.token, json: #"{"blocked":true}"#, headers: headers)
        }
        for headers in [[("If-Match", "\"else\"")], [("If-Match", "W/\(tag)")], [("If-None-Match", tag)]]
            as [HeaderFields]
        {
            let refused = await block(headers)
            #expect(refused.status == 412)
            #expect(refused.code == "precondition-failed")
        }
        #expect(await harness.call("GET", bob, token: alice.token).header("ETag") == tag, "nothing was done")
        #expect(await block([("If-Match", "\"x\", \(tag)")]).status == 200)
        #expect(await block([("If-Match", tag)]).status == 412, "it is another now")
        #expect(await block([("If-Match", "*")]).status == 200)
        let erin = "/v1/sessions/\(alice.id)/contacts/erin@example.com"
        func add(_ headers: HeaderFields) async -> Int {
            await harness.call("PUT", erin, token: alice.token, json: "{}", headers: headers).status
        }
        #expect(await add([("If-Match", "*")]) == 412, "there is none yet")
        #expect(await add([("If-None-Match", "*")]) == 201)
        #expect(await add([("If-None-Match", "*")]) == 412)
        try await harness.stop()
    }

    @Test("OPTIONS says at every route what there is; HEAD is everywhere where GET is, and never waits")
    func everyRoute() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let values = [
            "{sid}": alice.id, "{account}": "bob@example.com", "{name}": "profile", "{code}": "911",
        ]
        for route in harness.gateway.router.all {
            let path = route.template.split(separator: "/").reduce(into: "") { path, segment in
                path += "/" + (values[String(segment)] ?? (segment.first == "{" ? "x" : String(segment)))
            }
            let options = await harness.call("OPTIONS", path)
            #expect(options.status == 204, "\(path)")
            #expect(options.header("Allow") == route.allow)
            let refused = await harness.call("BREW", path, token: alice.token)
            #expect(refused.status == 405)
            #expect(refused.header("Allow") == route.allow)
            guard let get = route.endpoints["GET"] else {
                #expect(await harness.call("HEAD", path, token: alice.token).status == 405)
                continue
            }
            // One that waits would not be answered at all.
            let query = get.query.contains("wait") ? "?wait=0" : ""
            let fields: HeaderFields = [("X-Request-Id", "same"), ("Accept", "*/*")]
            let head = await harness.call(
                "HEAD", path + (get.query.contains("wait") ? "?wait=50" : ""), token: alice.token, headers: fields)
            let whole = await harness.call("GET", path + query, token: alice.token, headers: fields)
            #expect(head.status == whole.status, "\(path)")
            #expect(head.header("Content-Type") == whole.header("Content-Type"), "\(path)")
            #expect(head.header("ETag") == whole.header("ETag"), "\(path)")
        }
        try await harness.stop()
    }

    @Test("Preference-Applied: what was applied, and nothing else")
    func preferences() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let events = "/v1/sessions/\(alice.id)/events"
        func applied(_ target: String, _ prefer: String...) async -> String? {
            var headers = HeaderFields()
            for value in prefer { headers.add("Prefer", value) }
            let call = harness.begin("GET", target, token: alice.token, headers: headers)
            call.release()
            return await call.answer().header("Preference-Applied")
        }
        #expect(await applied(events, "wait=3") == "wait=3")
        #expect(await applied(events, "wait=600") == "wait=50", "lowered to the limit")
        #expect(await applied(events, "foo, wait=4; x=y") == "wait=4")
        #expect(await applied(events, "foo", "WAIT=\"5\"") == "wait=5")
        #expect(await applied(events, "wait=3, wait=9") == "wait=3", "the first counts")
        #expect(await applied(events, "respond-async") == nil, "a poll knows no such thing")
        #expect(await applied(events + "?wait=2", "wait=3") == nil, "the parameter wins")
        #expect(await applied(events + "?types=wait=", "wait=3") == nil, "a refusal")
        #expect(await applied(events + "?after=now", "wait=3") == "wait=3")
        #expect(await applied("/v1/sessions/\(alice.id)", "wait=3") == nil)
        #expect(await applied("/v1/errors", "wait=3") == nil)
        try await harness.stop()
    }
}
