import HTTPFront
import TestSupport
import Testing

@testable import Gateway

/// Bodies that say nothing, however they are framed, and bodies in a coding.
@Suite(.timeLimit(.minutes(5))) struct NoContentTests {
    private struct Stage {
        let harness: GatewayHarness
        let path: String
        let token: String

        init() async throws {
            harness = try await GatewayHarness.withSandbox()
            let alice = try await harness.signIn("alice@example.com")
            (path, token) = ("/v1/sessions/\(alice.id)", alice.token)
        }

        func call(
            _ method: String, _ tail: String, _ body: String?, chunked: Bool = false, _ headers: HeaderFields = []
        ) async -> TestAnswer {
            await harness.begin(
                method, path + tail, token: token, body: body.map { Array($0.utf8) }, headers: headers,
                isChunked: chunked
            ).answer()
        }
    }

    @Test("Chunks that hold nothing are no body, whether the call takes one or not")
    func emptyChunks() async throws {
        let stage = try await Stage()
        for (method, tail) in [
            ("GET", "/events?after=oldest&wait=0"), ("HEAD", "/events?after=oldest"), ("GET", ""), ("GET", "/contacts"),
            // What it takes may be left out.
            ("PATCH", ""), ("PUT", "/contacts/bob@example.com"), ("PATCH", "/phones"),
        ] {
            #expect(await stage.call(method, tail, nil, chunked: true).status == 200, "\(method) \(tail)")
        }
        // As it is without a body: there has to be one.
        let bare = await stage.call("PUT", "/presence", nil)
        let empty = await stage.call("PUT", "/presence", nil, chunked: true)
        #expect((bare.status, bare.code) == (empty.status, empty.code))
        #expect(bare.code == "invalid-request")
        #expect(await stage.call("DELETE", "", nil, chunked: true).status == 204)
        try await stage.harness.stop()
    }

    @Test("An object without members is fine where a call takes none, and nothing else is")
    func noMembers() async throws {
        let stage = try await Stage()
        let room = await stage.call("POST", "/conversations", #"{"participants":["bob@example.com"]}"#)
        let form = "/services/profile/form"
        #expect(room.code == "contact-offline")
        for chunked in [false, true] {
            #expect(await stage.call("POST", form, "{}", chunked: chunked).status == 200)
            #expect(await stage.call("POST", form, " {\r\n} \n", chunked: chunked).status == 200)
            #expect(await stage.call("GET", "/events?wait=0", "{}", chunked: chunked).status == 200)
            for bad in ["{}{}", "[]", "null", "{", "x", #"{"a":1}"#, String(repeating: " ", count: 17), #""""#] {
                let answer = await stage.call("POST", form, bad, chunked: chunked)
                #expect(answer.code == "invalid-request", "\(bad)")
            }
        }
        try await stage.harness.stop()
    }

    @Test("A body in a coding is 415 and says which is taken; identity is none")
    func codings() async throws {
        let stage = try await Stage()
        let body = #"{"status":"busy"}"#
        for coding in ["gzip", "br", "GZIP", "identity, gzip", "x-unknown"] {
            for chunked in [false, true] {
                let answer = await stage.call(
                    "PUT", "/presence", body, chunked: chunked,
                    [("Content-Type", "application/json"), ("Content-Encoding", coding)])
                #expect(answer.code == "unsupported-media-type", "\(coding)")
                #expect(answer.response.value(of: "Accept-Encoding") == "identity", "\(coding)")
            }
        }
        for coding in ["identity", "Identity", "identity, identity"] {
            #expect(
                await stage.call("PUT", "/presence", body, [("Content-Encoding", coding)]).status == 200, "\(coding)")
        }
        // Nothing is nothing in any coding; and the wrong type is another thing.
        #expect(await stage.call("PATCH", "", nil, chunked: true, [("Content-Encoding", "gzip")]).status == 200)
        let text = await stage.call("PUT", "/presence", body, [("Content-Type", "text/plain")])
        #expect(text.code == "unsupported-media-type")
        #expect(text.response.value(of: "Accept-Encoding") == nil)
        #expect(await stage.call("PUT", "/presence", body, chunked: true).code == "unsupported-media-type", "no type")
        try await stage.harness.stop()
    }
}
