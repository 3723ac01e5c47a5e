import HTTPFront
import TestSupport
import Testing

@Suite struct BodyTests {
    private static let limit = 1000
    private let host = "Host: localhost\r\n"

    /// A request with a body of `count` bytes: of a known length, or in chunks of at most 300.
    private func request(_ count: Int, chunked: Bool, path: String = "/") -> String {
        let body = String(repeating: "b", count: count)
        guard chunked else { return "POST \(path) HTTP/1.1\r\n\(host)Content-Length: \(count)\r\n\r\n\(body)" }
        var text = "POST \(path) HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
        var left = count
        while left > 0 {
            let size = min(left, 300)
            text += String(size, radix: 16) + "\r\n" + String(repeating: "b", count: size) + "\r\n"
            left -= size
        }
        return text + "0\r\n\r\n"
    }

    @Test(arguments: [0, 1, 999, limit], [false, true])
    func aBodyWithinTheLimitIsRead(_ count: Int, _ chunked: Bool) async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            for _ in 1...2 {
                try await client.send(request(count, chunked: chunked))
                #expect(try await client.response().text == "POST /\n" + String(repeating: "b", count: count))
            }
        }
    }

    @Test(arguments: [limit + 1, 100_000], [false, true])
    func aBodyBeyondTheLimitIsRefusedAndTheConnectionCloses(_ count: Int, _ chunked: Bool) async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(request(count, chunked: chunked))
            let response = try await client.response()
            #expect(response.status == 413)
            #expect(response.headers["Connection"] == "close")
            #expect(try await client.end() == [])
        }
    }

    @Test func aKnownLengthIsRefusedBeforeTheBody() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("POST / HTTP/1.1\r\n\(host)Content-Length: \(Self.limit + 1)\r\n\r\n")
            #expect(try await client.response().status == 413)
        }
    }

    @Test func anEndlessBodyIsCutOff() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "b", count: 0x10000) + "\r\n"
            // Until the server has had enough: then sending fails.
            await #expect(throws: (any Error).self) {
                while true { try await client.send(chunk) }
            }
        }
    }

    @Test func theClientIsToldToContinue() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("POST / HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.response().status == 100)
            try await client.send("abc")
            #expect(try await client.response().text == "POST /\nabc")
        }
    }

    @Test func anEarlyAnswerComesInsteadOfContinue() async throws {
        let handler = TestHandler { _ in .answer(.now(Response(status: 401, text: "who?"))) }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("POST / HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 401)
            #expect(response.headers["Connection"] == "close")
            #expect(try await client.end() == [])
        }
    }

    @Test func anEarlyAnswerArrivesThoughTheClientGoesOnSending() async throws {
        let handler = TestHandler { _ in .answer(.now(Response(status: 401, text: "who?"))) }
        try await withServer(handler) { server in
            for _ in 1...20 {
                let client = try await RawClient.connect(to: server)
                // More than the socket buffers hold: a reset would come in the middle.
                try await client.send(request(2_000_000, chunked: false))
                #expect(try await client.response().text == "who?")
                #expect(try await client.end() == [])
            }
        }
    }

    @Test func whatIsSentBehindAnUnreadBodyIsNoRequest() async throws {
        let heads = Recorder<String>()
        let handler = TestHandler { head in
            heads.record(head.path)
            return .answer(.now(Response(status: 401)))
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(request(3, chunked: false, path: "/first") + "GET /second HTTP/1.1\r\n\(host)\r\n")
            #expect(try await client.response().status == 401)
            #expect(try await client.end() == [])
        }
        #expect(heads.all == ["/first"])
    }

    @Test func theHeadSaysWhatFollows() async throws {
        let handler = TestHandler { head in
            let text = "\(head.contentLength.map(String.init) ?? "unknown") \(head.hasBody)"
            return .readBody(limit: 10, tooLarge: { Response(status: 413) }) { _ in
                .now(Response(status: 200, text: text))
            }
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            for (request, expected) in [
                ("GET / HTTP/1.1\r\n\(host)\r\n", "unknown false"), (request(0, chunked: false), "0 false"),
                (request(3, chunked: false), "3 true"), (request(0, chunked: true), "unknown true"),
            ] {
                try await client.send(request)
                #expect(try await client.response().text == expected)
            }
        }
    }
}
