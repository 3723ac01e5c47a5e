import HTTPFront
import TestSupport
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
                    ParkedRequest(
                        timeout: .milliseconds(2500), began: { _ in },
                        releasedWith: { Response(status: 200, text: "\($0)") })))
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

    @Test func connectionsBeyondTheLimitAreAnswered() async throws {
        let handler = TestHandler(TestHandler.echo.onReceive)
        try await withServer(handler, maximumConnections: 2) { server in
            var clients: [RawClient] = []
            for _ in 1...2 {
                let client = try await RawClient.connect(to: server)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                clients.append(client)
            }
            for _ in 1...40 {
                let third = try await RawClient.connect(to: server)
                // It may have been sent off before.
                try? await third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                let response = try await third.response()
                #expect(response.status == 503)
                #expect(response.headers["Refusal"] == "connections")
                #expect(response.headers["Connection"] == "close")
                #expect(response.text == "too many")
                #expect(try await third.end() == [])
            }
            #expect(server.statistics.refused == [.connections: 40])
            // The others are told with the next one, when the interval is over.
            #expect(handler.refusals.all.first == .connections)
            for client in clients { client.close() }
        }
    }

    @Test func theLastConnectionsAreForProbes() async throws {
        try await withServer(TestHandler.echo, maximumConnections: 4) { server in
            var clients: [RawClient] = []
            for _ in 1...3 {
                let client = try await RawClient.connect(to: server)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                clients.append(client)
            }
            let other = try await RawClient.connect(to: server)
            try await other.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
            let refusal = try await other.response()
            #expect(refusal.status == 503)
            #expect(refusal.headers["Connection"] == "close")
            #expect(try await other.end() == [])
            let probe = try await RawClient.connect(to: server)
            try await probe.send("GET /probe HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await probe.response()
            #expect(answer.text == "GET /probe\n")
            #expect(answer.headers["Connection"] == "close")
            #expect(try await probe.end() == [])
            // Nobody keeps it by saying nothing.
            let silent = try await RawClient.connect(to: server)
            #expect(try await silent.end() == [])
            #expect(server.statistics.refused == [.connections: 1])
            for client in clients { client.close() }
        }
    }

    @Test func silenceKeepsNoProbeOut() async throws {
        // One loop, so that the silent and the probe meet.
        try await withServer(TestHandler.echo, maximumConnections: 4, loops: 1) { server in
            var clients: [RawClient] = []
            for count in 1...5 {
                // From the fourth on each has the place that is kept, and takes it from the one before.
                clients.append(try await RawClient.connect(to: server))
                while server.statistics.connections < min(count, 4) { await Task.yield() }
            }
            // Which was there first, and hears why it has to go.
            #expect(try await clients[3].response().status == 503)
            #expect(try await clients[3].end() == [])
            let probe = try await RawClient.connect(to: server)
            try await probe.send("GET /probe HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await probe.response().text == "GET /probe\n")
            for client in clients { client.close() }
        }
    }

    @Test func eachAddressHasALimit() async throws {
        let handler = TestHandler(TestHandler.echo.onReceive)
        let change: (inout HTTPConfiguration) -> Void = {
            $0.connectionsPerAddress = 2
            $0.isExempt = { _ in false }
        }
        try await withServer(handler, change: change) { server in
            var clients: [RawClient] = []
            for _ in 1...2 {
                let client = try await RawClient.connect(to: server)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                clients.append(client)
            }
            let third = try await RawClient.connect(to: server)
            #expect(try await third.response().headers["Refusal"] == "address")
            #expect(try await third.end() == [])
            #expect(server.statistics.refused == [.address: 1])
            #expect(handler.refusals.all == [.address])
            // One that leaves makes room.
            try await clients[0].send("GET / HTTP/1.0\r\n\r\n")
            _ = try await clients[0].end()
            while server.statistics.connections > 1 { await Task.yield() }
            let next = try await RawClient.connect(to: server)
            try await next.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await next.response().status == 200)
        }
    }

    @Test(arguments: [0, 2]) func exemptAddressesHaveNone(_ limit: Int) async throws {
        let change: (inout HTTPConfiguration) -> Void = {
            $0.connectionsPerAddress = limit
            $0.isExempt = { limit > 0 && $0.ip == "127.0.0.1" }
        }
        try await withServer(TestHandler.echo, change: change) { server in
            var clients: [RawClient] = []
            for _ in 1...5 {
                let client = try await RawClient.connect(to: server)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                clients.append(client)
            }
            #expect(server.statistics.refused == [:])
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
