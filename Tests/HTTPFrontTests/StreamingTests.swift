import HTTPFront
import Locking
import TestSupport
import Testing

/// Answers in pieces, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct StreamingTests {
    private static let request = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"

    private static func handler(_ source: PieceSource) -> TestHandler {
        TestHandler { head in
            head.path == "/stream"
                ? .answer(.stream(source.streaming)) : .answer(.now(Response(status: 200, text: "pong")))
        }
    }

    private func ping(_ client: RawClient) async throws {
        try await client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.response().text == "pong")
    }

    @Test func piecesComeAsTheyAreMade() async throws {
        let source = PieceSource()
        try await withServer(Self.handler(source)) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            // The head does not wait for the first piece.
            let head = try await client.response(toHead: true)
            #expect(head.status == 200)
            #expect(head.headers["Transfer-Encoding"] == "chunked")
            #expect(head.headers["Content-Length"] == nil)
            #expect(head.headers["Connection"] == "close")
            #expect(server.statistics.streams == 1)
            for number in 1...200 {
                source.add("piece \(number);")
                #expect(try await client.take(until: ";\r\n").contains("piece \(number);"))
            }
            source.add(String(repeating: "x", count: 100_000))
            source.add("last")
            source.finish()
            let body = try #require(WireResponse.unchunked(try await client.end()))
            #expect(body.count == 100_004)
            try await source.ended.reaches(1)
            #expect(server.statistics.streams == 0)
        }
        #expect(source.ended.value == 1)
    }

    @Test("What is there when the request comes is sent with the head, and the end with it")
    func atOnce() async throws {
        let source = PieceSource()
        source.add("all")
        source.finish()
        try await withServer(Self.handler(source)) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            #expect(try await client.response(toHead: true).status == 200)
            #expect(WireResponse.unchunked(try await client.end()) == Array("all".utf8))
            try await source.ended.reaches(1)
        }
        #expect(source.began.all.count == 1)
    }

    @Test func withoutChunksTheCloseIsTheEnd() async throws {
        let source = PieceSource()
        try await withServer(Self.handler(source)) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET /stream HTTP/1.0\r\n\r\n")
            let head = try await client.response(toHead: true)
            #expect(head.headers["Transfer-Encoding"] == nil)
            #expect(head.headers["Content-Length"] == nil)
            source.add("one,")
            #expect(try await client.take(until: ",") == "one,")
            let large = String(repeating: "y", count: 50_000)
            source.add(large)
            source.finish()
            #expect(try await client.end() == Array(large.utf8))
            try await source.ended.reaches(1)
        }
    }

    @Test func headGetsTheHeadAlone() async throws {
        let source = PieceSource()
        source.add("never")
        try await withServer(Self.handler(source)) { server in
            for version in ["1.1", "1.0"] {
                let client = try await RawClient.connect(to: server)
                try await client.send("HEAD /stream HTTP/\(version)\r\nHost: x\r\n\r\n")
                let head = try await client.response(toHead: true)
                #expect(head.status == 200)
                #expect(head.headers["Content-Type"] == "text/plain")
                // It would have to be that of the answer to GET (RFC 9110, 8.6).
                #expect(head.headers["Content-Length"] == nil)
                #expect(try await client.end() == [])
            }
        }
        #expect(source.began.all.isEmpty)
        #expect(source.asked == 0)
        #expect(source.ended.value == 0)
    }

    @Test func silenceIsBroken() async throws {
        let source = PieceSource(heartbeatInterval: .milliseconds(10))
        try await withServer(Self.handler(source)) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            for _ in 1...5 { _ = try await client.take(until: "(quiet)") }
            source.add("piece")
            _ = try await client.take(until: "piece")
            _ = try await client.take(until: "(quiet)")
            source.finish()
            _ = try await client.end()
            try await source.ended.reaches(1)
        }
    }

    @Test("A client that leaves while there is nothing to send is noticed, once", arguments: [true, false])
    func departure(whole: Bool) async throws {
        let source = PieceSource()
        try await withServer(Self.handler(source)) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            _ = try await client.response(toHead: true)
            if whole { client.close() } else { try await client.closeSending() }
            try await source.ended.reaches(1)
            if !whole { _ = try await client.end() }
            // Nobody hears it, and nobody minds.
            source.add("too late")
            let other = try await RawClient.connect(to: server)
            try await ping(other)
        }
        #expect(source.ended.value == 1)
    }

    @Test("A reader that takes nothing costs a bounded amount, slows nobody, and goes on when it likes")
    func slowReader() async throws {
        let pulled = Locked(0)
        let ended = Count()
        let most = 4 * 1024 * 1024
        let piece = [UInt8](repeating: UInt8(ascii: "z"), count: Streaming.pieceSize)
        let streaming = Streaming(
            Response(status: 200), heartbeatInterval: .seconds(600), began: { _ in },
            next: { _ in
                pulled.withLock { pulled in
                    guard pulled < most else { return .end }
                    pulled += piece.count
                    return .bytes(piece)
                }
            }, heartbeat: { [] }, refused: { Response(status: 503) }, ended: { ended.add() })
        let handler = TestHandler { head in
            .answer(head.path == "/stream" ? .stream(streaming) : .now(Response(status: 200, text: "pong")))
        }
        // One loop with one daemon: whatever held it up would hold up everybody.
        try await withServer(handler, loops: 1, daemonsPerLoop: 1) { server in
            let slow = try await RawClient.connect(to: server, receiveBuffer: 16 * 1024)
            try await slow.read(false)
            try await slow.send(Self.request)
            let other = try await RawClient.connect(to: server)
            for _ in 1...500 { try await ping(other) }
            // The kernel's two buffers, one piece, and the library's; the kernel doubles what it is asked for.
            #expect(pulled.withLock { $0 } <= 2 * Streaming.socketBuffer + 256 * 1024)
            #expect(server.statistics.streams == 1)
            try await slow.read(true)
            _ = try await slow.response(toHead: true)
            let body = try #require(WireResponse.unchunked(try await slow.end()))
            #expect(body.count == most)
            try await ended.reaches(1)
        }
    }

    @Test("A reader that leaves with its socket full is noticed, once")
    func fullAndGone() async throws {
        let ended = Count()
        let streaming = Streaming(
            Response(status: 200), heartbeatInterval: .seconds(600), began: { _ in },
            next: { size in .bytes([UInt8](repeating: 0x61, count: size)) }, heartbeat: { [] },
            refused: { Response(status: 503) }, ended: { ended.add() })
        let handler = TestHandler { head in
            .answer(head.path == "/stream" ? .stream(streaming) : .now(Response(status: 200, text: "pong")))
        }
        try await withServer(handler) { server in
            for round in 1...5 {
                let client = try await RawClient.connect(to: server)
                try await client.send(Self.request)
                _ = try await client.take(100_000)
                try await client.read(false)
                client.close()
                try await ended.reaches(round)
            }
            #expect(server.statistics.streams == 0)
        }
        #expect(ended.value == 5)
    }

    @Test("An endless stream to a reader that takes everything leaves the others their share")
    func endlessStream() async throws {
        let streaming = Streaming(
            Response(status: 200), heartbeatInterval: .seconds(600), began: { _ in },
            next: { size in .bytes([UInt8](repeating: 0x61, count: size)) }, heartbeat: { [] },
            refused: { Response(status: 503) }, ended: {})
        let handler = TestHandler { head in
            .answer(head.path == "/stream" ? .stream(streaming) : .now(Response(status: 200, text: "pong")))
        }
        try await withServer(handler, loops: 1, daemonsPerLoop: 2) { server in
            let greedy = try await RawClient.connect(to: server)
            try await greedy.send(Self.request)
            for _ in 1...4 {
                let other = try await RawClient.connect(to: server)
                for _ in 1...20 { try await ping(other) }
            }
            greedy.close()
        }
    }

    @Test("The library's idle time is not a stream's, and stopping ends many at once")
    func idleAndMany() async throws {
        let source = PieceSource()
        try await withServer(Self.handler(source), idleTimeout: 1) { server in
            var clients: [RawClient] = []
            while clients.count < 300 {
                let client = try await RawClient.connect(to: server)
                do {
                    try await client.send(Self.request)
                    _ = try await client.response(toHead: true)
                    clients.append(client)
                } catch {
                    // On a busy machine a request can itself come too late for the idle time-out.
                    guard server.statistics.streams == clients.count else { throw error }
                }
            }
            #expect(server.statistics.streams == 300)
            // Connections that have nothing to do are closed meanwhile, one after the other.
            for _ in 1...2 { _ = try await RawClient.connect(to: server).end() }
            #expect(server.statistics.streams == 300)
            async let stopped: Void = server.stop(grace: .seconds(60))
            for client in clients { #expect(WireResponse.unchunked(try await client.end()) == []) }
            try await source.ended.reaches(300)
            await stopped
        }
        #expect(source.ended.value == 300)
    }

    @Test("A stream that is asked for while the server stops is not begun")
    func late() async throws {
        let source = PieceSource()
        let heads = Count()
        let handler = TestHandler { _ in
            heads.add()
            return .readBody(limit: 1, tooLarge: { Response(status: 413) }) { _ in .stream(source.streaming) }
        }
        // On one loop, which has heard of the end once the first stream has.
        try await withServer(handler, loops: 1) { server in
            let request = "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
            let first = try await RawClient.connect(to: server)
            try await first.send(request + "a")
            _ = try await first.response(toHead: true)
            let late = try await RawClient.connect(to: server)
            try await late.send(request)
            try await heads.reaches(2)
            async let stopped: Void = server.stop(grace: .seconds(60))
            #expect(WireResponse.unchunked(try await first.end()) == [])
            try await late.send("a")
            let response = try await late.response()
            #expect(response.text == "draining")
            #expect(response.headers["Connection"] == "close")
            await stopped
        }
        #expect(source.ended.value == 1)
    }

    @Test("Stopping ends streams with full sockets when the grace is over")
    func stopping() async throws {
        let ended = Count()
        let began = Count()
        let streaming = Streaming(
            Response(status: 200), heartbeatInterval: .seconds(600), began: { _ in began.add() },
            next: { size in .bytes([UInt8](repeating: 0x61, count: size)) }, heartbeat: { [] },
            refused: { Response(status: 503) }, ended: { ended.add() })
        let server = try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), loops: 2, daemonsPerLoop: 2),
            TestHandler { _ in .answer(.stream(streaming)) })
        var clients: [RawClient] = []
        for _ in 1...20 {
            let client = try await RawClient.connect(to: server)
            try await client.read(false)
            try await client.send(Self.request)
            clients.append(client)
        }
        try await began.reaches(20)
        await server.stop(grace: .milliseconds(50))
        #expect(ended.value == 20)
        #expect(server.statistics.streams == 0)
        for client in clients { client.close() }
    }

    @Test func fieldsThatCannotBeSentAreA500() async throws {
        let source = PieceSource(headers: [("X-Bad", "a\r\nInjected: yes")])
        try await withServer(Self.handler(source)) { server in
            let client = try await RawClient.connect(to: server)
            for method in ["GET", "HEAD"] {
                try await client.send("\(method) /stream HTTP/1.1\r\nHost: x\r\n\r\n")
                let response = try await client.response(toHead: method == "HEAD")
                #expect(response.status == 500)
                #expect(response.headers["Injected"] == nil)
            }
        }
        #expect(source.began.all.isEmpty)
    }

    @Test("Wakes from many threads are not lost")
    func wakes() async throws {
        let value = Locked(0)
        let signals = Recorder<StreamSignal>()
        let change: @Sendable () -> Void = {
            value.withLock { $0 += 1 }
            for signal in signals.all { signal.wake() }
        }
        let handler = TestHandler { _ in
            let shown = Locked(0)
            return .answer(
                .stream(
                    Streaming(
                        Response(status: 200), heartbeatInterval: .seconds(600), began: { signals.record($0) },
                        next: { _ in
                            let current = value.withLock { $0 }
                            return shown.withLock { shown in
                                guard current > shown else { return .nothing }
                                shown = current
                                return .bytes(Array("<\(current)>".utf8))
                            }
                        }, heartbeat: { [] }, refused: { Response(status: 503) }, ended: {})))
        }
        try await withServer(handler) { server in
            var clients: [RawClient] = []
            for _ in 1...8 {
                let client = try await RawClient.connect(to: server)
                try await client.send(Self.request)
                _ = try await client.response(toHead: true)
                clients.append(client)
            }
            for round in 1...50 {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 1...4 { group.addTask { for _ in 1...5 { change() } } }
                }
                for client in clients { _ = try await client.take(until: "<\(round * 20)>") }
            }
        }
    }
}
