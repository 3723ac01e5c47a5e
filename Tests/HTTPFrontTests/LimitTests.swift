import HTTPFront
import Testing

@Suite struct LimitTests {
    @Test func halfAHeadIsNotWaitedForLong() async throws {
        try await withServer(TestHandler.echo, idleTimeout: 1) { server in
            let client = try await RawClient.connect(to: server)
            // On a busy machine it can come too late to be sent at all, which the end shows just as well.
            try? await client.send("GET / HTTP/1.1\r\nHos")
            #expect(try await client.end() == [])
            #expect(server.statistics.requests == 0)
        }
    }

    @Test func aWaitIsNotIdle() async throws {
        let handler = TestHandler { _ in
            .answer(
                .park(
                    Parking(
                        timeout: .milliseconds(2500), began: { _ in },
                        released: { Response(status: 200, text: "\($0)") })))
        }
        try await withServer(handler, idleTimeout: 1) { server in
            // On a busy machine the request can itself come too late for the idle time-out, which is not what is asked.
            while true {
                let client = try await RawClient.connect(to: server)
                do {
                    try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await client.response().text == "timedOut")
                    return
                } catch {
                    guard server.statistics.requests == 0 else { throw error }
                }
            }
        }
    }

    @Test func connectionsBeyondTheLimitAreClosed() async throws {
        // With one loop the limit is exact.
        try await withServer(TestHandler.echo, maximumConnections: 2, loops: 1) { server in
            var clients: [RawClient] = []
            for _ in 1...2 {
                let client = try await RawClient.connect(to: server)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                clients.append(client)
            }
            let third = try await RawClient.connect(to: server)
            #expect(try await third.end() == [])
            for client in clients { client.close() }
        }
    }

    @Test(arguments: [7_000, 20_000, 100_000])
    func headsHaveALimit(_ size: Int) async throws {
        try await withServer(TestHandler.echo) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "b", count: size))\r\n\r\n")
            #expect(try await client.response().status == (size < 8000 ? 200 : 431))
        }
    }

    @Test func theConfigurationLeavesDescriptorsForOthers() {
        let configuration = HTTPConfiguration()
        #expect(configuration.loops >= 1)
        #expect(configuration.loops * configuration.daemonsPerLoop >= 64)
        #expect(configuration.maximumConnections >= 1)
    }
}
