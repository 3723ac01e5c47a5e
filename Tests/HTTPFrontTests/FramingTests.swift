import HTTPFront
import TestSupport
import Testing

/// What the wire may not say, over the wire: refused, and the connection closed so that nothing behind it is a request.
@Suite struct FramingTests {
    private static let host = "Host: x\r\n"
    private static let chunks = "3\r\nabc\r\n0\r\n\r\n"

    @Test(
        arguments: [
            (
                "POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)",
                .contentLengthWithTransferEncoding
            ),
            (
                "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n\(chunks)",
                .contentLengthWithTransferEncoding
            ),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", .repeatedContentLength),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\ncontent-length: 4\r\n\r\nabc", .repeatedContentLength),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 9223372036854775808\r\n\r\nabc", .invalidContentLength),
            ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n\(chunks)", .invalidTransferEncoding),
            ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: identity\r\n\r\n\(chunks)", .invalidTransferEncoding),
            ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked \r\n\r\n\(chunks)", .invalidTransferEncoding),
            ("POST / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n\(chunks)", .invalidTransferEncoding),
            (
                "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)",
                .invalidTransferEncoding
            ),
            ("GET / HTTP/1.1\r\n\r\n", .missingHost),
            ("GET / HTTP/1.1\r\n\(host)Host: y\r\n\r\n", .repeatedHost),
            ("GET / HTTP/1.1\r\n\(host)\(host)\r\n", .repeatedHost),
            ("G@T / HTTP/1.1\r\n\(host)\r\n", .invalidMethod),
            ("GET /a b HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("GET /a\u{1}b HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("GET /\u{E4} HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("GET a HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("GET http://y/ HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("GET * HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("CONNECT x:80 HTTP/1.1\r\n\(host)\r\n", .invalidTarget),
            ("POST / HTTP/1.1\r\n\(host)Content-Length : 3\r\n\r\nabc", .invalidFieldName),
            ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding\t: chunked\r\n\r\n\(chunks)", .invalidFieldName),
            ("GET / HTTP/1.1\r\n \(host)\(host)\r\n", .invalidFieldName),
            ("GET / HTTP/1.1\r\n\(host)A: b\u{1}\r\n\r\n", .invalidFieldValue),
            ("GET / HTTP/1.1\r\n\(host)A: b\rContent-Length: 3\r\n\r\n", .invalidFieldValue),
            ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding:\r\n chunked\r\n\r\n\(chunks)", .malformedHead),
            ("GET / HTTP/1.1\r\n\(host)A: b\r\n\tc\r\n\r\n", .malformedHead),
            ("GET / HTTP/1.1\r\n\(host)A: b\r\n c\r\nD: e\r\n\r\n", .malformedHead),
            ("GET / HTTP/1.1\r\n\(host)A: b\0c\r\n\r\n", .malformedHead),
            ("GET / HTTP/1.1\r\n\(host)A: b\0\r\nC: d\r\n\r\n", .malformedHead),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 3\04\r\n\r\nabc", .malformedHead),
            ("POST / HTTP/1.1\r\n\(host)Content-Length: 3\0\r\n\r\nabc", .malformedHead),
            ("GET / HTTP/1.1\r\n\(host)A:\0 b\r\n\r\n", .malformedHead),
            ("GET / HTTP/1.1\r\n\(host): b\r\n\r\n", .malformedHead),
            ("GET /a\0b HTTP/1.1\r\n\(host)\r\n", .malformedHead),
            ("GET /a?b\0c=d HTTP/1.1\r\n\(host)\r\n", .malformedHead),
            ("GET\0 / HTTP/1.1\r\n\(host)\r\n", .malformedHead),
            ("GET  / HTTP/1.1\r\n\(host)\r\n", .malformedHead),
            ("GET / HTTP/1.2\r\n\(host)\r\n", .unsupportedVersion),
        ] as [(String, FramingRefusal)])
    func isRefused(_ request: String, _ refusal: FramingRefusal) async throws {
        try await withServer(Self.noRequest) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(request + "GET /smuggled HTTP/1.1\r\n\(Self.host)\r\n")
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(response.headers["Refusal"] == "\(refusal)")
            #expect(response.headers["Connection"] == "close")
            #expect(try await client.end() == [])
        }
    }

    /// The library answers these itself, with a page of its own, some even twice.
    @Test(arguments: [
        "POST / HTTP/1.1\r\n\(host)Content-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 0x3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 3,3\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\nabc",
        "POST / HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\nabc",
        "GET / HTTP/2.0\r\n\(host)\r\n", "GET /\r\n\r\n", "GET / http/1.1\r\n\(host)\r\n",
        "GET / HTTP/1.1\r\n\(host)no colon\r\n\r\n", "GET / HTTP/1.1\r\n\(host)A\0B: c\r\n\r\n",
    ])
    func isRefusedByTheLibrary(_ request: String) async throws {
        try await withServer(Self.noRequest) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(request + "GET /smuggled HTTP/1.1\r\n\(Self.host)\r\n")
            let response = try await client.response()
            #expect([400, 413, 505].contains(response.status))
            _ = try await client.end()
        }
    }

    @Test(arguments: ["+3", "0x3", "3 ", " 3", "-1", "", "3\0", "ffffffffffffffff1"])
    func chunkSizesAreHexadecimal(_ size: String) async throws {
        let answered = Recorder<Int>()
        let handler = TestHandler { head in
            .readBody(limit: 1000, tooLarge: { Response(status: 413) }) { body in
                answered.record(body.count)
                return .now(Response(status: 200))
            }
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(
                "POST / HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n\(size)\r\nabc\r\n0\r\n\r\n")
            _ = try await client.end()
        }
        #expect(answered.all == [])
    }

    @Test func asteriskIsForOptions() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("OPTIONS * HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(try await client.response().text == "OPTIONS *\n")
        }
    }

    @Test func bareLineFeedsEndLines() async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET / HTTP/1.1\nHost: x\nA: b\n\n")
            #expect(try await client.response().text == "GET /\n")
        }
    }

    private static let noRequest = TestHandler { head in
        Issue.record("received \(head.method) \(head.target)")
        return .answer(.now(Response(status: 200)))
    }
}
