import HTTPFront
import TestSupport
import Testing

@Suite struct StoppingTests {
    private static let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    private static func parking(_ began: Count) -> TestHandler {
        TestHandler { _ in
            .answer(
                .park(
                    ParkedRequest(
                        timeout: .seconds(600), began: { _ in began.add() },
                        releasedWith: { Response(status: 503, text: "\($0)") })))
        }
    }

    @Test func aThousandWaitsAreAnsweredAtTheEnd() async throws {
        let began = Count()
        let clients = try await withServer(Self.parking(began), daemonsPerLoop: 32) { server in
            var clients: [RawClient] = []
            for _ in 1...1000 {
                let client = try await RawClient.connect(to: server)
                try await client.send(Self.request)
                clients.append(client)
            }
            try await began.reaches(1000)
            #expect(server.statistics.parked == 1000)
            return clients
        }
        for client in clients {
            let response = try await client.response()
            #expect(response.text == "shuttingDown")
            #expect(response.headers["Connection"] == "close")
            #expect(try await client.end() == [])
        }
    }

    @Test func whatWantsToWaitWhileItStopsIsReleasedAtOnce() async throws {
        let began = Count()
        let heads = Count()
        let handler = TestHandler { _ in
            heads.add()
            return .readBody(limit: 1, tooLarge: { Response(status: 413) }) { _ in
                .park(
                    ParkedRequest(
                        timeout: .seconds(600), began: { _ in began.add() },
                        releasedWith: { Response(status: 503, text: "\($0)") }))
            }
        }
        // On one loop, which has heard of the end once the first wait has.
        try await withServer(handler, loops: 1) { server in
            let request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
            let parked = try await RawClient.connect(to: server)
            try await parked.send(request + "a")
            try await began.reaches(1)
            let late = try await RawClient.connect(to: server)
            try await late.send(request)
            try await heads.reaches(2)
            async let stopped: Void = server.stop(grace: .seconds(60))
            #expect(try await parked.response().text == "shuttingDown")
            #expect(try await parked.end() == [])
            try await late.send("a")
            let response = try await late.response()
            #expect(response.text == "shuttingDown")
            #expect(response.headers["Connection"] == "close")
            #expect(began.value == 1)
            await stopped
        }
    }

    @Test func stoppingClosesIdleConnections() async throws {
        let client = try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            _ = try await client.response()
            return client
        }
        #expect(try await client.end() == [])
    }

    @Test func aRequestInItsMiddleIsAwaited() async throws {
        let heads = Count()
        let handler = TestHandler { _ in
            heads.add()
            return .readBody(limit: 10, tooLarge: { Response(status: 413) }) {
                .now(Response(status: 200, text: String(decoding: $0, as: UTF8.self)))
            }
        }
        let server = try HTTPServer.start(HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)), handler)
        let client = try await RawClient.connect(to: server)
        try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
        try await heads.reaches(1)
        async let stopped: Void = server.stop(grace: .seconds(60))
        try await client.send("bc")
        #expect(try await client.response().text == "abc")
        await stopped
        #expect(server.statistics.connections == 0)
    }

    @Test func graceIsNotForEver() async throws {
        let heads = Count()
        let handler = TestHandler { _ in
            heads.add()
            return .readBody(limit: 10, tooLarge: { Response(status: 413) }) { _ in .now(Response(status: 200)) }
        }
        let server = try HTTPServer.start(HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)), handler)
        let client = try await RawClient.connect(to: server)
        try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
        try await heads.reaches(1)
        await server.stop(grace: .milliseconds(10))
        #expect(try await client.end() == [])
    }

    /// Its wait is over, and its loop does not know: it is closed, as its answer comes too late.
    @Test func anAnswerThatIsNotDeliveredHoldsNothingUp() async throws {
        let parked = Recorder<ParkedRequest>()
        let handler = TestHandler { _ in
            .answer(
                .park(
                    ParkedRequest(
                        timeout: .seconds(600), began: { parked.record($0) },
                        releasedWith: { Response(status: 503, text: "\($0)") })))
        }
        let server = try HTTPServer.start(HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)), handler)
        let client = try await RawClient.connect(to: server)
        try await client.send(Self.request)
        let request = try await parked.first { _ in true }
        var deliveries = Deliveries()
        let isTaken = deliveries.answer(request, with: Response(status: 200))
        #expect(isTaken)
        await server.stop(grace: .milliseconds(10))
        #expect(try await client.end() == [])
        #expect(server.statistics.parked == 0)
        deliveries.deliver()
    }

    @Test func stoppingTwiceIsStoppingOnce() async throws {
        let server = try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)), TestHandler.echo)
        async let first: Void = server.stop(grace: .seconds(60))
        async let second: Void = server.stop(grace: .seconds(60))
        _ = await (first, second)
        await server.stop(grace: .seconds(60))
    }

    @Test func aServerThatIsLetGoStops() async throws {
        var server: HTTPServer? = try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)), TestHandler.echo)
        let client = try await RawClient.connect(to: #require(server))
        server = nil
        #expect(try await client.end() == [])
    }
}
