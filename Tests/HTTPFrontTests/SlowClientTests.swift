import Glibc
import HTTPFront
import TestSupport
import Testing

/// Clients that are slow, and clients that leave in the middle of something: neither keeps a descriptor.
@Suite(.timeLimit(.minutes(5))) struct SlowClientTests {
    private static let host = "Host: x\r\n"
    /// Beyond the time of any test, so that it is not what closes a connection.
    private static let never = 3600

    /// `/tick` is a clock, `/wait` waits for ever, and `/large` answers with more than the kernel's buffers take.
    private static let handler = TestHandler { head in
        switch head.path {
        case "/tick", "/wait":
            return .answer(
                .park(
                    ParkedRequest(
                        timeout: head.path == "/tick" ? .milliseconds(200) : .seconds(never), began: { _ in },
                        releasedWith: { Response(status: 200, text: "\($0)") })))
        case "/large": return .answer(.now(large))
        default:
            return .readBody(limit: 1 << 20, tooLarge: { Response(status: 413) }) { body in
                .now(Response(status: 200, text: "\(body.count)"))
            }
        }
    }

    private static let large = Response(status: 200, body: [UInt8](repeating: 0x61, count: 32 << 20))

    /// Sends a byte at each tick until the server has had enough.
    ///
    /// The idle time-out is well above a tick, so that it would go on for ever if nothing but silence ended it. Where the
    /// machine is so busy that a byte comes too late after all, the end comes as well.
    private func trickle(to server: HTTPServer, _ start: String) async throws {
        let slow = try await RawClient.connect(to: server)
        // On a busy machine even this can come too late to be sent, which the end shows just as well.
        try? await slow.send(start)
        while true {
            // The server's own clock, on a connection that is never slow: a new one for each tick.
            let clock = try await RawClient.connect(to: server)
            do {
                try await clock.send("GET /tick HTTP/1.1\r\n\(Self.host)\r\n")
                #expect(try await clock.response().text == "timedOut")
            } catch is RawClient.ConnectionClosed {
                // The machine was so busy that this head took too long as well.
            }
            clock.close()
            do { try await slow.send("a") } catch { break }
        }
        #expect(try await slow.end() == [])
    }

    @Test func aHeadByteByByteIsNotWaitedForLong() async throws {
        try await withServer(Self.handler, idleTimeout: 1, change: { $0.headTimeout = 1 }) { server in
            try await trickle(to: server, "GET / HTTP/1.1\r\n\(Self.host)A: ")
        }
    }

    @Test(
        "A body byte by byte is not waited for long, nor is a chunk's extension",
        arguments: ["Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n1;"])
    func slowBody(framing: String) async throws {
        try await withServer(
            Self.handler, idleTimeout: 1,
            change: {
                $0.headTimeout = Self.never
                $0.bodyTimeout = 2
            }
        ) { server in
            try await trickle(to: server, "POST / HTTP/1.1\r\n\(Self.host)\(framing)")
        }
    }

    @Test func anAnswerThatNobodyReadsIsGivenUp() async throws {
        try await withServer(Self.handler, idleTimeout: Self.never, change: { $0.answerTimeout = 1 }) { server in
            let client = try Socket(server)
            client.send("GET /large HTTP/1.1\r\n\(Self.host)\r\n")
            await reaches(server) { $0.requests == 1 }
            await reaches(server) { $0.connections == 0 }
            withExtendedLifetime(client) {}
        }
    }

    @Test(
        "Whoever leaves in the middle of something keeps nothing",
        arguments: [
            "G", "GET / HTTP/1.1\r\nHos", "GET / HTTP/1.1\r\n\(host)\r\nGET /",
            "POST / HTTP/1.1\r\n\(host)Content-Length: 10\r\n\r\nabc",
            "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            "GET /wait HTTP/1.1\r\n\(host)\r\n", "GET /large HTTP/1.1\r\n\(host)\r\n",
            "GET / HTTP/1.1\r\n\(host)\r\nGET /wait HTTP/1.1\r\n\(host)\r\n",
        ])
    func departures(_ request: String) async throws {
        try await withServer(Self.handler, idleTimeout: Self.never) { server in
            // The end can come with the bytes or behind them: once in so many each happens. Both kinds of end.
            for attempt in 0..<60 {
                let client = try Socket(server)
                client.send(request)
                if attempt.isMultiple(of: 2) { client.halfClose() }
                // In the middle of an answer, not before it.
                if attempt.isMultiple(of: 3) { client.readSome() }
            }
            await reaches(server) { $0.connections == 0 && $0.parked == 0 }
        }
    }

    @Test func whoeverClosesItsHalfBehindARequestIsAnswered() async throws {
        try await withServer(Self.handler, idleTimeout: Self.never) { server in
            for _ in 0..<20 {
                let client = try Socket(server)
                client.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
                client.halfClose()
                let answer = client.readAll()
                #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\n0"))
            }
            await reaches(server) { $0.connections == 0 }
        }
    }

    private func reaches(_ server: HTTPServer, _ goal: (HTTPStatistics) -> Bool) async {
        while !goal(server.statistics) { await Task.yield() }
    }

    /// A blocking socket, which reads when it is told to.
    private final class Socket {
        struct Failed: Error {}
        private let number: Int32

        init(_ server: HTTPServer) throws {
            number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(server.address.port).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let number = number
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0 else { throw Failed() }
        }

        func send(_ text: String) {
            let bytes = Array(text.utf8)
            #expect(Glibc.send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        }

        func halfClose() { shutdown(number, Int32(SHUT_WR)) }

        /// What is there already.
        func readSome() {
            var room = [UInt8](repeating: 0, count: 1000)
            _ = recv(number, &room, room.count, Int32(MSG_DONTWAIT))
        }

        func readAll() -> String {
            var all: [UInt8] = []
            var room = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(number, &room, room.count, 0)
                guard count > 0 else { return String(decoding: all, as: UTF8.self) }
                all += room.prefix(count)
            }
        }

        deinit { close(number) }
    }
}
