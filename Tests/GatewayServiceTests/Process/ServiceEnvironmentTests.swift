import Foundation
import Glibc
import HTTPFront
import Loops
import Testing

@testable import GatewayService

/// What a service manager hands over by the environment.
@Suite struct ServiceEnvironmentTests {
    /// A socket that listens at a path which is gone at once: its name stays that of the socket.
    private func listening() throws -> (number: Int32, path: String) {
        let path = "/tmp/gw-" + UUID().uuidString + ".sock"
        let endpoint = try #require(UnixEndpoint(path))
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(
            endpoint.withSystemAddress { bind(number, $0.assumingMemoryBound(to: sockaddr.self), $1) } == 0
                && listen(number, 1) == 0)
        unlink(path)
        return (number, path)
    }

    private func complaint(_ environment: [String: String], first: Int32 = 3) -> SettingsError? {
        do throws(SettingsError) {
            _ = try ServiceEnvironment(environment, process: 7, first: first)
            return nil
        } catch {
            return error
        }
    }

    @Test("Without variables, and with those of another process, there is nothing")
    func nothing() throws {
        let (number, _) = try listening()
        defer { close(number) }
        let others = [
            [:], ["LISTEN_FDS": "1"], ["LISTEN_PID": "8", "LISTEN_FDS": "1"],
            ["WATCHDOG_PID": "8", "WATCHDOG_USEC": "5"], ["LISTEN_PID": "7"],
            ["LISTEN_PID": "7", "LISTEN_FDS": "", "WATCHDOG_USEC": "", "NOTIFY_SOCKET": ""],
        ]
        for environment in others {
            let service = try ServiceEnvironment(environment, process: 7, first: number)
            #expect(service.sockets.isEmpty && service.manager == nil && service.watchdog == nil)
        }
    }

    @Test func everything() throws {
        let (number, path) = try listening()
        let service = try ServiceEnvironment(
            [
                "LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http", "NOTIFY_SOCKET": "@gw-nobody",
                "WATCHDOG_PID": "7", "WATCHDOG_USEC": "3000000",
            ], process: 7, first: number)
        #expect(service.sockets.map(\.address) == [.unix(path: path)])
        #expect(service.manager != nil)
        #expect(service.watchdog == .seconds(3))
    }

    @Test("What is wrong is named, with exit code 78")
    func complaints() throws {
        for (name, value) in [
            ("LISTEN_FDS", "x"), ("LISTEN_FDS", "0"), ("LISTEN_FDS", "33"), ("WATCHDOG_USEC", "-1"),
            ("NOTIFY_SOCKET", "relative"), ("NOTIFY_SOCKET", "vsock:2:1"),
        ] {
            let error = try #require(complaint(["LISTEN_PID": "7", name: value]), "\(name)=\(value)")
            #expect(error.source == .environment(name) && error.exitCode == 78)
        }
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(number) }
        let error = try #require(
            complaint(["LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http"], first: number))
        #expect("\(error)".contains("descriptor \(number) is not a stream socket that listens (\"http\")"))
    }

    @Test("What is handed over is not for other programs")
    func unset() throws {
        for name in ServiceEnvironment.variables { setenv(name, "x", 1) }
        _ = try ServiceEnvironment.take([:])
        for name in ServiceEnvironment.variables { #expect(getenv(name) == nil) }
    }
}
