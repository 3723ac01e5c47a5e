import HTTPFront
import TestSupport
import Testing

/// Bodies whose framing never ends: the library stops reading and has itself run without end.
@Suite(.timeLimit(.minutes(2))) struct StuckTests {
    private static let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let many = String(repeating: "a", count: 9000)

    /// More than a loop at rest comes to, with every time that it looks for idle connections; a spin makes millions.
    private static let spuriousInOrder = 5000

    /// Some of them the library refuses by itself; all end, without a spin.
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
            #expect(server.statistics.spurious < Self.spuriousInOrder)
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
            #expect(server.statistics.spurious < 100 * Self.spuriousInOrder)
        }
    }

    /// The library reads them in dozens of small pieces, which is no reason to end them.
    @Test(arguments: [7_000, 20_000, 100_000]) func aLongHeadIsNotStuck(_ size: Int) async throws {
        try await withServer(TestHandler.echo, loops: 1, daemonsPerLoop: 1) { server in
            for _ in 1...20 {
                let client = try await RawClient.connect(to: server)
                try? await client.send("GET /\(String(repeating: "a", count: size)) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == (size < 8000 ? 200 : 414))
                client.close()
            }
            #expect(server.statistics.stuck == 0)
        }
    }

    /// An upload that pauses, half a head and a poll that waits share the daemon with those that are stuck.
    @Test func noOtherConnectionOfItsDaemonIsHarmed() async throws {
        let waits = Recorder<ParkedRequest>()
        let handler = TestHandler { head in
            guard head.path == "/wait" else { return TestHandler.echo.onReceive(head) }
            return .answer(
                .park(
                    ParkedRequest(
                        timeout: .seconds(600), began: { waits.record($0) },
                        releasedWith: { Response(status: 200, text: "\($0)") })))
        }
        try await withServer(handler, loops: 1, daemonsPerLoop: 1) { server in
            let upload = try await RawClient.connect(to: server)
            try await upload.send(Self.chunked + "5\r\nhello\r\n5;a=")
            let sized = try await RawClient.connect(to: server)
            try await sized.send("POST /sized HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello")
            let head = try await RawClient.connect(to: server)
            try await head.send("GET /half HTTP/1.1\r\nHos")
            let poll = try await RawClient.connect(to: server)
            try await poll.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            let wait = try await waits.first { _ in true }
            let idle = try await RawClient.connect(to: server)
            try await idle.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await idle.response().text == "GET /first\n")

            for round in 1...2 {
                var stuck: [RawClient] = []
                for index in 0..<4 {
                    let client = try await RawClient.connect(to: server)
                    stuck.append(client)
                    try? await client.send(Self.chunked + "2;" + Self.many)
                    // The library doesn't notice that a client has left when it no longer reads.
                    if index == 0 { client.close() }
                }
                for client in stuck { _ = try await client.end() }
                while server.statistics.connections > 5 { await Task.yield() }
                #expect(server.statistics.stuck == 4 * round)
            }

            try await upload.send("b\r\nworld\r\n0\r\n\r\n")
            #expect(try await upload.response().text == "POST /\nhelloworld")
            try await sized.send("world")
            #expect(try await sized.response().text == "POST /sized\nhelloworld")
            try await head.send("t: x\r\n\r\n")
            #expect(try await head.response().text == "GET /half\n")
            wait.answer(Response(status: 200, text: "there"))
            #expect(try await poll.response().text == "there")
            try await idle.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await idle.response().text == "GET /second\n")
            #expect(server.statistics.spurious < 10 * Self.spuriousInOrder)
            for client in [upload, sized, head, poll, idle] { client.close() }
        }
    }
}
