import HTTPFront
import Testing

@Suite struct ListeningTests {
    private func start(_ host: String, _ port: UInt16 = 0) throws(HTTPServerError) -> HTTPServer {
        try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: host, port: port), loops: 1, daemonsPerLoop: 1),
            TestHandler.echo)
    }

    @Test func aSecondServerOnThePortFails() async throws {
        let first = try start("127.0.0.1")
        #expect(first.address.port != 0)
        // EADDRINUSE
        #expect(throws: HTTPServerError.cannotListen(first.address, code: 98)) {
            try start("127.0.0.1", first.address.port)
        }
        await first.stop(grace: .zero)
    }

    @Test func thePortIsFreeAfterTheStop() async throws {
        let first = try start("127.0.0.1")
        let client = try await RawClient.connect(to: first)
        try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try await client.response()
        await first.stop(grace: .zero)
        let second = try start("127.0.0.1", first.address.port)
        #expect(second.address == first.address)
        let again = try await RawClient.connect(to: second)
        try await again.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await again.response().text == "GET /again\n")
        await second.stop(grace: .zero)
    }

    @Test func localhostIsLoopback() async throws {
        let server = try start("localhost")
        #expect(server.address.host == "127.0.0.1")
        await server.stop(grace: .zero)
    }

    @Test func ipv6IsServedToo() async throws {
        let server = try start("::1")
        #expect(server.address.description == "[::1]:\(server.address.port)")
        let client = try await RawClient.connect(to: server)
        try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await client.response().status == 200)
        await server.stop(grace: .zero)
    }

    @Test(arguments: ["", "example.com", "*", "[::1]", "1.2.3", "127.0.0.1\0", "::1\0"])
    func otherHostsAreRefused(_ host: String) {
        #expect(throws: HTTPServerError.invalidHost(host)) { try start(host) }
    }

    @Test func anAddressOfSomebodyElseIsRefused() {
        // EADDRNOTAVAIL; 192.0.2.0/24 is nobody's (RFC 5737).
        #expect(throws: HTTPServerError.cannotListen(ListenAddress(host: "192.0.2.1", port: 0), code: 99)) {
            try start("192.0.2.1")
        }
    }

    @Test func errorsSayWhatIsWrong() {
        let taken = HTTPServerError.cannotListen(ListenAddress(host: "::1", port: 80), code: 98)
        #expect("\(taken)" == "can't listen on [::1]:80: Address already in use")
    }
}
