import Glibc
import Testing

@testable import HTTPFront

/// Sockets that somebody else has opened: they are served as they are, and outlive the server.
@Suite(.timeLimit(.minutes(2))) struct InheritedSocketTests {
    /// A socket that is bound and listens, as a service manager opens it, without the flags that a server wants.
    private func listening(_ kind: Int32 = Int32(SOCK_STREAM.rawValue), listens: Bool = true) throws -> Int32 {
        let number = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isBound && (!listens || listen(number, 16) == 0))
        return number
    }

    private func start(_ sockets: [HTTPListener]) throws -> HTTPServer {
        try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "192.0.2.1", port: 1), loops: 2, daemonsPerLoop: 1),
            TestHandler.echo, inheriting: sockets)
    }

    @Test("They take the place of the configured address, all are served, and who comes between two servers waits")
    func served() async throws {
        let numbers = try [listening(), listening()]
        let first = try start(try numbers.map { try HTTPListener(inheriting: dup($0)) })
        #expect(first.addresses.map(\.host) == ["127.0.0.1", "127.0.0.1"])
        #expect(Set(first.addresses.map(\.port)).count == 2)
        for address in first.addresses {
            let client = try await RawClient.connect(to: address)
            try await client.send("GET /here HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().text == "GET /here\n")
        }
        await first.stop(grace: .zero)
        var waiting: [RawClient] = []
        for address in first.addresses {
            let client = try await RawClient.connect(to: address)
            try await client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
            waiting.append(client)
        }
        let second = try start(try numbers.map { try HTTPListener(inheriting: $0) })
        #expect(second.addresses == first.addresses)
        for client in waiting { #expect(try await client.response().text == "GET /later\n") }
        await second.stop(grace: .zero)
    }

    @Test("They don't block, and are not for other programs")
    func flags() throws {
        let number = try listening()
        let socket = try HTTPListener(inheriting: number)
        withExtendedLifetime(socket) {
            #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test("What is no stream socket that listens is refused")
    func refused() throws {
        for number in [try listening(listens: false), try listening(Int32(SOCK_DGRAM.rawValue), listens: false)] {
            #expect(throws: HTTPServerError.cannotInherit(number)) { try HTTPListener(inheriting: number) }
            close(number)
        }
        #expect(throws: HTTPServerError.cannotInherit(-1)) { try HTTPListener(inheriting: -1) }
        #expect("\(HTTPServerError.cannotInherit(3))" == "descriptor 3 is not a stream socket that listens")
    }
}
