import Foundation
import Glibc
import Testing

@testable import HTTPFront

/// A server at the path of a Unix socket: the file comes with it and goes with it, and nobody else's is touched.
@Suite(.timeLimit(.minutes(2))) struct UnixSocketTests {
    /// A directory for one test, with a short path, which goes when it is let go.
    private final class Place: Sendable {
        let directory: String
        var path: String { directory + "/http.sock" }
        var address: ListenAddress { .unix(path: path) }

        init() throws {
            directory = "/tmp/gw-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }

        /// What is at the path, mode and kind; nil where nothing is.
        var mode: mode_t? {
            var status = stat()
            return lstat(path, &status) == 0 ? status.st_mode : nil
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }
    }

    private static let peer = TestHandler { head in
        .answer(.now(Response(status: 200, text: "[\(head.peer.ip)] \(head.peer.isLoopback) \(head.path)")))
    }

    private func start(_ address: ListenAddress, _ handler: TestHandler = peer) throws(HTTPServerError) -> HTTPServer {
        try HTTPServer.start(HTTPConfiguration(listen: address, loops: 2, daemonsPerLoop: 1), handler)
    }

    private func ask(_ address: ListenAddress, _ path: String) async throws -> String {
        let client = try await RawClient.connect(to: address)
        try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        return try await client.response().text
    }

    /// Leaves the file of a socket that nobody has any more, as a process does that was killed.
    private func leaveFile(at path: String) throws {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound && listen(number, 1) == 0)
    }

    @Test("It serves callers, who have no address and are not loopback, to user and group alone, until it stops")
    func serves() async throws {
        let place = try Place()
        let server = try start(place.address)
        #expect(server.addresses == [place.address])
        #expect(place.mode == S_IFSOCK | 0o660)
        #expect(try await ask(place.address, "/one") == "[] false /one")
        // More than there are loops, so that one hands its connections over.
        for index in 0..<8 {
            let client = try await RawClient.connect(to: place.address)
            try await client.send("GET /\(index) HTTP/1.1\r\nHost: x\r\n\r\nGET /again HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().text == "[] false /\(index)")
            #expect(try await client.response().text == "[] false /again")
        }
        await server.stop(grace: .zero)
        #expect(place.mode == nil)
    }

    @Test("Of two servers at one path the second fails, and the first goes on")
    func second() async throws {
        let place = try Place()
        let first = try start(place.address)
        #expect(throws: HTTPServerError.cannotListen(place.address, code: EADDRINUSE)) { try start(place.address) }
        #expect(try await ask(place.address, "/first") == "[] false /first")
        await first.stop(grace: .zero)
    }

    @Test("Of many that start at once at a file that was left, one serves")
    func race() async throws {
        let place = try Place()
        try leaveFile(at: place.path)
        let servers = await withTaskGroup(of: HTTPServer?.self) { group in
            for _ in 0..<8 { group.addTask { try? self.start(place.address) } }
            return await group.reduce(into: [HTTPServer]()) { if let server = $1 { $0.append(server) } }
        }
        #expect(servers.count == 1)
        #expect(try await ask(place.address, "/one") == "[] false /one")
        for server in servers { await server.stop(grace: .zero) }
    }

    @Test("What a killed process left is taken over")
    func stale() async throws {
        let place = try Place()
        try leaveFile(at: place.path)
        #expect(place.mode != nil)
        let server = try start(place.address)
        #expect(try await ask(place.address, "/new") == "[] false /new")
        await server.stop(grace: .zero)
        #expect(place.mode == nil)
    }

    @Test("A file that is no socket stays, and so does what has come to the path meanwhile")
    func others() async throws {
        let place = try Place()
        try Data("text".utf8).write(to: URL(filePath: place.path))
        #expect(throws: HTTPServerError.cannotListen(place.address, code: EADDRINUSE)) { try start(place.address) }
        #expect(place.mode.map { $0 & S_IFMT } == S_IFREG)
        unlink(place.path)
        let server = try start(place.address)
        unlink(place.path)
        try leaveFile(at: place.path)
        await server.stop(grace: .zero)
        #expect(place.mode != nil)
    }

    @Test("A place that can't be is an error that names it")
    func refused() throws {
        let place = try Place()
        let missing = ListenAddress.unix(path: place.directory + "/no/http.sock")
        #expect(throws: HTTPServerError.cannotListen(missing, code: ENOENT)) { try start(missing) }
        for path in ["", "http.sock", "@name", "/" + String(repeating: "x", count: 107), "/tmp/a\0b"] {
            #expect(throws: HTTPServerError.invalidPath(path)) { try start(.unix(path: path)) }
        }
        let taken = HTTPServerError.cannotListen(.unix(path: "/run/a.sock"), code: EADDRINUSE)
        #expect("\(taken)" == "can't listen on unix:/run/a.sock: Address already in use")
    }
}
