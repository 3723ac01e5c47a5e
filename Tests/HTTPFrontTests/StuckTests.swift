import HTTPFront
import TestSupport
import Testing

/// Bodies whose framing never ends: the library stops reading and has itself run without end.
@Suite(.timeLimit(.minutes(2))) struct StuckTests {
    private static let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let many = String(repeating: "a", count: 9000)

    /// More than a loop at rest comes to, with every time that it looks for idle connections; a spin makes millions.
    private static let fruitlessInOrder = 5000

    @Test(arguments: [
        "2;" + many, "2;" + String(repeating: "a", count: 100_000), String(repeating: "0", count: 9000),
        "5\r\nhello\r\n2;" + many, "1\r\na\r\n0\r\nA: " + many, "0\r\n" + many,
        "0\r\n" + String(repeating: "A: b\r\n", count: 3000), "2;\"" + many, "5\r\nhelloX" + many, many,
        "2" + String(repeating: " ", count: 9000), "2;a=" + String(repeating: "\\\r", count: 9000),
    ])
    func aBodyWhoseFramingNeverEndsIsEnded(_ framing: String) async throws {
        try await withServer(TestHandler.echo, loops: 1, daemonsPerLoop: 1) { server in
            let client = try await RawClient.connect(to: server)
            // It may be cut off while it is sent.
            try? await client.send(Self.chunked + framing)
            _ = try await client.end()
            #expect(server.statistics.fruitless < Self.fruitlessInOrder)
        }
    }

    /// Every length around that of the library's buffer: it is full, with nothing left to be read.
    @Test func aBufferThatIsFullToTheByteIsFound() async throws {
        try await withServer(TestHandler.echo, loops: 1, daemonsPerLoop: 1) { server in
            var clients: [RawClient] = []
            for size in stride(from: 7500, to: 8300, by: 4) {
                let client = try await RawClient.connect(to: server)
                clients.append(client)
                try? await client.send(Self.chunked + "2;" + String(repeating: "a", count: size))
            }
            // Whoever is not stuck yet goes on, and is then.
            for client in clients { try? await client.send(Self.many) }
            for client in clients { _ = try await client.end() }
            #expect(server.statistics.fruitless < 100 * Self.fruitlessInOrder)
        }
    }
}
