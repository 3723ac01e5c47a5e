import Foundation
import Glibc
import Locking
import Loops
import TestSupport
import Testing

@testable import GatewayService

/// What a service manager is told, at a socket as it has one.
@Suite(.timeLimit(.minutes(2))) struct ServiceManagerTests {
    /// The manager's end: a datagram socket, read by a thread until it is let go.
    private final class Manager: Sendable {
        let words = Recorder<String>()
        private let number: Int32

        init(at endpoint: UnixEndpoint) throws {
            number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            let number = number
            try #require(
                endpoint.withSystemAddress { bind(number, $0.assumingMemoryBound(to: sockaddr.self), $1) } == 0)
            let words = words
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: 4_096)
                while true {
                    let count = recv(number, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    words.record(String(decoding: buffer.prefix(count), as: UTF8.self))
                }
                close(number)
            }
        }

        deinit { shutdown(number, Int32(SHUT_RDWR)) }
    }

    private static func names() -> [String] {
        let unique = UUID().uuidString
        return ["/tmp/gw-\(unique).sock", "@gw-\(unique)"]
    }

    @Test("Each word is a datagram, to a path and to an abstract name")
    func words() async throws {
        for name in Self.names() {
            defer { unlink(name) }
            let endpoint = try #require(UnixEndpoint(name))
            let manager = try Manager(at: endpoint)
            let told = try ServiceManager(at: endpoint)
            for word in [ServiceManager.Word.ready, .alive, .reloading, .stopping] { #expect(told.tell(word)) }
            try await manager.words.first { $0 == "STOPPING=1" }
            let all = manager.words.all
            #expect(all.count == 4)
            #expect(all[0] == "READY=1")
            #expect(all[1] == "WATCHDOG=1")
            #expect(all[2].wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[0-9]+/) != nil)
        }
    }

    @Test("Nobody there, or no room, costs a word and nothing else")
    func nobody() throws {
        let name = Self.names()[0]
        defer { unlink(name) }
        let endpoint = try #require(UnixEndpoint(name))
        let told = try ServiceManager(at: endpoint)
        #expect(!told.tell(.ready))
        // Bound, and never read.
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(number) }
        try #require(endpoint.withSystemAddress { bind(number, $0.assumingMemoryBound(to: sockaddr.self), $1) } == 0)
        var said = 0
        while told.tell(.alive, waits: false) { said += 1 }
        #expect(said > 0)
    }

    @Test("It hears that the service is ready once it is, and from then on that the loops turn")
    func report() async throws {
        let endpoint = try #require(UnixEndpoint(Self.names()[1]))
        let manager = try Manager(at: endpoint)
        let group = try LoopGroup(count: 2)
        let looks = Locked(0)
        let report = ServiceReport(
            try ServiceManager(at: endpoint), group, watchdog: .milliseconds(1),
            isReady: {
                looks.withLock { looks in
                    looks += 1
                    return looks > 1
                }
            })
        report.begin()
        try await manager.words.first { $0 == "READY=1" }
        #expect(looks.withLock { $0 } == 2)
        try await manager.words.first(after: manager.words.all.count) { $0 == "WATCHDOG=1" }
        await group.shutdown()
        #expect(manager.words.all.count { $0 == "READY=1" } == 1)
    }
}
