import HTTPFront
import Locking
import Loops
import TestSupport
import Testing

/// A server as the guest of event loops that others live on, too.
@Suite(.timeLimit(.minutes(2))) struct SharedLoopTests {
    private static let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    private static func start(_ handler: TestHandler, on group: LoopGroup) throws -> HTTPServer {
        try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), daemonsPerLoop: 2), handler, on: group)
    }

    private static func parking(_ began: Recorder<ParkedRequest>) -> TestHandler {
        TestHandler { _ in
            .answer(
                .park(
                    ParkedRequest(
                        timeout: .seconds(600), began: { began.record($0) },
                        releasedWith: { Response(status: 503, text: "\($0)") })))
        }
    }

    @Test(
        "What somebody on the loop's own thread answers goes out, at the end of that turn and not in the middle of it")
    func ownThread() async throws {
        let group = try LoopGroup(count: 1)
        let began = Recorder<ParkedRequest>()
        let server = try Self.start(Self.parking(began), on: group)
        let client = try await RawClient.connect(to: server)
        for number in 1...3 {
            try await client.send(Self.request)
            let parked = try await began.first(after: number - 1) { _ in true }
            let still = Recorder<Int>()
            let isPosted = group.loops[0].post {
                parked.answer(Response(status: 200, text: "\(number)"))
                // The answer is in the mailbox: nobody has touched the connection yet.
                still.record(server.statistics.parked)
            }
            #expect(isPosted)
            #expect(try await client.response().text == "\(number)")
            #expect(still.all == [1])
        }
        client.close()
        await server.stop(grace: .seconds(60))
        await group.shutdown()
    }

    @Test("A stream that is woken while it is asked is asked again, later")
    func wokenWhileAsked() async throws {
        let group = try LoopGroup(count: 1)
        let signal = Locked<StreamSignal?>(nil)
        let asked = Locked((depth: 0, count: 0))
        let deepest = Recorder<Int>()
        let streaming = Streaming(
            Response(status: 200), heartbeatInterval: .seconds(600), began: { new in signal.withLock { $0 = new } },
            next: { _ in
                let count = asked.withLock { asked in
                    asked.depth += 1
                    asked.count += 1
                    deepest.record(asked.depth)
                    return asked.count
                }
                defer { asked.withLock { $0.depth -= 1 } }
                guard count <= 20 else { return .end }
                // Says that there is something to send in the middle of the question, which then finds nothing.
                signal.withLock { $0 }?.wake()
                return count % 2 == 0 ? .bytes([UInt8(ascii: "~")]) : .nothing
            }, heartbeat: { [] }, refused: { Response(status: 503) }, ended: {})
        let server = try Self.start(TestHandler { _ in .answer(.stream(streaming)) }, on: group)
        let client = try await RawClient.connect(to: server)
        try await client.send(Self.request)
        let body = String(decoding: try await client.end(), as: UTF8.self)
        #expect(body.count { $0 == "~" } == 10)
        #expect(deepest.all.allSatisfy { $0 == 1 })
        await server.stop(grace: .seconds(60))
        await group.shutdown()
    }

    @Test("A server leaves loops that go on without it, and another may come in its place")
    func leaves() async throws {
        let group = try LoopGroup(count: 2)
        var port: UInt16 = 0
        for _ in 0..<3 {
            let began = Recorder<ParkedRequest>()
            let server = try HTTPServer.start(
                HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: port), daemonsPerLoop: 2),
                Self.parking(began), on: group)
            // Free again as soon as the last one has stopped.
            port = server.address.port
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            _ = try await began.first { _ in true }
            await server.stop(grace: .seconds(60))
            #expect(try await client.response().text == "shuttingDown")
            for loop in group.loops {
                await withCheckedContinuation { continuation in
                    let isPosted = loop.post { continuation.resume() }
                    #expect(isPosted)
                }
            }
        }
        await group.shutdown()
    }

    @Test("Loops that are told to end wait for their server, which answers what waits")
    func endsLast() async throws {
        let group = try LoopGroup(count: 1)
        let began = Recorder<ParkedRequest>()
        let server = try Self.start(Self.parking(began), on: group)
        let client = try await RawClient.connect(to: server)
        try await client.send(Self.request)
        let parked = try await began.first { _ in true }
        group.end()
        #expect(parked.answer(Response(status: 200, text: "still here")))
        #expect(try await client.response().text == "still here")
        client.close()
        await server.stop(grace: .seconds(60))
        await group.shutdown()
    }
}
