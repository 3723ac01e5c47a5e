import HTTPFront
import Testing

@Suite struct ResponseTests {
    private func answer(_ response: Response, method: String = "GET") async throws -> WireResponse {
        try await withServer(TestHandler { _ in .answer(.now(response)) }) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("\(method) / HTTP/1.1\r\nHost: x\r\n\r\n")
            return try await client.response(toHead: method == "HEAD")
        }
    }

    @Test func fieldsGoOutAsTheyAre() async throws {
        let response = try await answer(
            Response(
                status: 404, headers: [("Vary", "Origin"), ("vary", "Accept"), ("X-Umlaut", "\u{E4}")], text: "no"))
        #expect(response.status == 404)
        #expect(response.headers["Vary"] == "Origin, Accept")
        #expect(response.headers["X-Umlaut"] == "\u{E4}")
        #expect(response.text == "no")
    }

    @Test(arguments: [
        ("X-A", "b\r\nSet-Cookie: c=d"), ("X-A", "b\nSet-Cookie: c=d"), ("X-A", "b\rc"), ("X-A", "b\0c"),
        ("X-A: b\r\nX-B", "c"), ("X A", "b"), ("", "b"), ("X-A\0", "b"),
    ])
    func whatCannotBeSentIsNotSent(_ name: String, _ value: String) async throws {
        let response = try await answer(
            Response(status: 200, headers: [("X-Before", "a"), (name, value)], text: "text"))
        #expect(response.status == 500)
        #expect(response.body == [])
        #expect(!response.headers.contains("Set-Cookie"))
        #expect(!response.headers.contains("X-Before"))
    }

    @Test(arguments: [0, -1, 100, 199, 600, 1000, Int.max])
    func whatIsNoStatusIsAnError(_ status: Int) async throws {
        #expect(try await answer(Response(status: status)).status == 500)
    }

    @Test(arguments: [204, 304])
    func someHaveNoBody(_ status: Int) async throws {
        let response = try await answer(Response(status: status, text: "text"))
        #expect(response.status == status)
        #expect(response.headers["Content-Length"] ?? "0" == "0")
    }

    @Test func framingIsTheServers() async throws {
        let response = try await answer(
            Response(
                status: 200,
                headers: [("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("Connection", "close")],
                text: "text"))
        #expect(response.headers.values(of: "Content-Length") == ["4"])
        #expect(!response.headers.contains("Transfer-Encoding"))
        #expect(!response.headers.contains("Connection"))
        #expect(response.text == "text")
    }

    @Test(arguments: [0, 1, 100_000, 5_000_000])
    func aBodyOfAnySizeArrives(_ count: Int) async throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try await answer(Response(status: 200, body: body)).body == body)
    }
}
