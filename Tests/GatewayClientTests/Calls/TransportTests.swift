import FoundationEssentials
import TestSupport
import Testing

@testable import GatewayClient

/// How requests go out, and what is taken for an answer.
@Suite(.timeLimit(.minutes(2))) struct TransportTests {
    private static let token = "mgt_a-very-secret-token"

    private func gateway(_ url: String, _ options: ClientOptions = ClientOptions()) throws -> RemoteGateway {
        RemoteGateway(try GatewayAddress(url), key: GatewayCredential(Self.token), options: options)
    }

    @Test("A gateway is reached at a Unix socket as at a port, and below a path")
    func addresses() async throws {
        let path = "/tmp/msnp-gateway-client-\(UInt64.random(in: 0 ... .max)).sock"
        let server = try await ScriptedHTTP.start(at: path) { _ in
            .answer(200, #"{"name":"x","version":"1","backends":["b"],"defaultBackend":"b","signIn":"key"}"#)
        }
        #expect(try await gateway("unix:\(path)").entry().signIn == .key)
        #expect(server.requests.all.first?.field("host") == "localhost")
        try await server.stop()
        try? FileManager.default.removeItem(atPath: path)
        await #expect(throws: GatewayError.unreachable("there is no connection")) {
            try await gateway("unix:\(path)").entry()
        }

        let below = try await ScriptedHTTP.start { _ in .answer(200, "{}") }
        _ = try await gateway(below.url + "/chat/").call(
            APIRequest("GET", "/v1/x", query: [("a b", "ü&=")]), as: nil)
        #expect(below.requests.all.map(\.target) == ["/chat/v1/x?a%20b=%C3%BC%26%3D"])
        #expect(below.requests.all.first?.field("authorization") == nil)
        try await below.stop()
    }

    @Test(
        "What is no address of a gateway is refused",
        arguments: [
            "", "example.com", "ftp://x", "http://", "http://:80", "http://user:pw@host", "http://host/?q",
            "http://host/#f",
            "http://a b", "http://host\r\nx: y", "unix:", "unix:\(String(repeating: "x", count: 108))",
        ])
    func noAddress(_ text: String) {
        #expect(throws: GatewayError.self) { try GatewayAddress(text) }
    }

    @Test("Nothing that would end a line of the head, or a path, is sent")
    func injection() async throws {
        let server = try await ScriptedHTTP.start { _ in .answer(200, "{}") }
        var options = ClientOptions()
        options.userAgent = "bot\r\nx: y"
        let gateway = try gateway(server.url, options)
        for request in [
            APIRequest("GET /v1 HTTP/1.1\r\nx:", "/v1"), APIRequest("GET", "/v1 HTTP/1.1\r\nx: y"),
            APIRequest("GET", "v1"),
            APIRequest("GET", "/v1#x"), APIRequest("GET", "/v1", headers: [("x", "a\r\nb: c")]),
            APIRequest("GET", "/v1", headers: [("x: y", "a")]),
        ] {
            await #expect(throws: GatewayError.self) { try await gateway.call(request, as: nil) }
        }
        #expect(server.requests.all.isEmpty)
        _ = try await gateway.call(APIRequest("GET", "/v1"), as: nil)
        #expect(server.requests.all.first?.field("user-agent") == "botx: y")
        #expect(server.requests.all.first?.field("x") == nil)
        for text in ["", "a b", "a\r\nb", "\u{e9}", String(repeating: "x", count: 257)] {
            #expect(GatewayCredential(text) == nil)
        }
        try await server.stop()
    }

    @Test("A redirect is followed nowhere, and no credential goes there")
    func redirects() async throws {
        let other = try await ScriptedHTTP.start { _ in .answer(200, "{}") }
        let target = other.url
        let server = try await ScriptedHTTP.start { _ in .answer(307, "", fields: ["Location: \(target)/v1"]) }
        let error = await #expect(throws: GatewayError.self) { try await gateway(server.url).entry() }
        #expect(error == .invalidAnswer(status: 307, "it sends calls elsewhere"))
        #expect(other.requests.all.isEmpty)
        try await server.stop()
        try await other.stop()
    }

    @Test("Calls go through a proxy that is named, which sees no credential of a gateway behind TLS")
    func proxies() async throws {
        let proxy = try await ScriptedHTTP.start { request in
            request.method == "CONNECT" ? .answer(407, "") : .answer(200, "{}")
        }
        var options = ClientOptions()
        options.proxy = .address(proxy.url)
        _ = try await gateway("http://gateway.example:81/chat", options).call(APIRequest("GET", "/v1"), as: nil)
        let refused = GatewayError.unreachable("the proxy refuses a way to it (status 407)")
        await #expect(throws: refused) { try await gateway("https://gateway.example", options).entry() }
        let asked = proxy.requests.all
        #expect(asked.map(\.target) == ["http://gateway.example:81/chat/v1", "gateway.example:443"])
        #expect(asked.last?.field("authorization") == nil)
        // A socket is asked itself.
        await #expect(throws: GatewayError.unreachable("there is no connection")) {
            try await gateway("unix:/nowhere", options).entry()
        }
        #expect(proxy.requests.all.count == 2)
        try await proxy.stop()
    }

    @Test(
        "A gateway of this machine is known by its name",
        arguments: [
            ("http://127.0.0.1:8080", true), ("https://LOCALHOST", true), ("http://[::1]:80/x", true),
            ("http://127.1.2.3/", true), ("http://127.example.com", false), ("http://localhost.example", false),
            ("https://msn.example/localhost", false), ("http://[::2]", false), ("http://[fe80::1]:80", false),
            ("unix:/run/x", true),
        ])
    func loopback(_ text: String, _ isLoopback: Bool) throws {
        #expect(try GatewayAddress(text).isLoopback == isLoopback)
    }

    @Test("An answer that is longer than may be ends, and one that does not come in time")
    func limits() async throws {
        let server = try await ScriptedHTTP.start { request in
            request.target == "/v1/long" ? .answer(200, String(repeating: " ", count: 100_000)) : .silence
        }
        var options = ClientOptions()
        options.longestAnswer = 10_000
        let gateway = try gateway(server.url, options)
        await #expect(throws: GatewayError.answerTooLong) {
            try await gateway.call(APIRequest("GET", "/v1/long"), as: nil)
        }
        // As short as it may be: this one has no answer however long it waits.
        options.timeout = .milliseconds(50)
        let hasty = try self.gateway(server.url, options)
        let late = await #expect(throws: GatewayError.self) {
            try await hasty.call(APIRequest("GET", "/v1/never"), as: nil)
        }
        // On a busy machine there is not even a connection by then.
        #expect(late == .timedOut || late == .unreachable("there was no connection in time"))
        try await server.stop()
    }

    @Test("Pieces of an answer come as they come, and a problem comes whole")
    func pieces() async throws {
        let server = try await ScriptedHTTP.start { request in
            request.number == 1 ? .answer(200, "piece") : ScriptedHTTP.problem(404, "not-found")
        }
        let gateway = try gateway(server.url)
        let pieces = Recorder<[UInt8]>()
        let answer = try await gateway.call(APIRequest("GET", "/v1/x"), as: nil) { pieces.record($0) }
        #expect(answer.body.isEmpty)
        #expect(pieces.all.joined().elementsEqual("piece".utf8))
        await #expect(throws: GatewayError.self) {
            try await gateway.call(APIRequest("GET", "/v1/x"), as: nil) { pieces.record($0) }
        }
        #expect(pieces.all.joined().count == 5)
        try await server.stop()
    }

    @Test("A request that is not repeatable gets a connection of its own, where none is sent twice by itself")
    func connections() async throws {
        let server = try await ScriptedHTTP.start { _ in .answer(200, "{}") }
        let gateway = try gateway(server.url)
        for request in [
            APIRequest("GET", "/v1"), APIRequest("GET", "/v1"), APIRequest("POST", "/v1"),
            APIRequest("POST", "/v1", headers: [("Idempotency-Key", "k")]),
        ] {
            _ = try await gateway.call(request, as: nil)
        }
        let connections = server.requests.all.map(\.connection)
        #expect(connections[0] == connections[1])
        #expect(connections[2] != connections[0])
        #expect(Set(connections).count == 2)
        try await server.stop()
    }

    @Test("No description has a credential or a password in it")
    func secrets() async throws {
        let credential = try #require(GatewayCredential(Self.token))
        let signIn = SignIn("alice@example.com", password: "correct horse")
        var options = ClientOptions()
        options.proxy = .address("http://somebody:correct horse@proxy.example")
        let gateway = try gateway("http://127.0.0.1:1", options)
        let session = gateway.session("s", token: credential)
        let errors: [GatewayError] = [
            .connectionLost, .timedOut, .unreachable("x"), .notTrusted("x"), .answerTooLong, .unavailable("x"),
            .invalidAnswer(status: 200, "x"), .invalidRequest("x"), .cancelled, .sessionEnded(.known(.expired)),
        ]
        var texts = ["\(credential)", "\(signIn)", "\(gateway)", "\(session)", "\(AccountStep.signedIn(session))"]
        for value in [credential, signIn, gateway, session, options, options.proxy] as [Any] {
            texts.append(String(reflecting: value))
            var dumped = ""
            dump(value, to: &dumped)
            texts.append(dumped)
        }
        texts += errors.map { "\($0) \(String(reflecting: $0))" }
        for text in texts {
            #expect(!text.contains(Self.token) && !text.contains("correct horse"), "\(text.prefix(40))")
        }
    }
}
