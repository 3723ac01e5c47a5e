import Foundation
import Glibc
import MSNP
import Storage
import TestSupport
import Testing

/// A gateway that can't start has done nothing.
@Suite(.timeLimit(.minutes(5))) struct TakenPortTests {
    @Test("Sessions of the state don't sign in before HTTP has its port")
    func nobodySignsIn() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let scratch = try ScratchDirectory()
        let key = try scratch.write("key", String(decoding: SealingKeys.makeLine(), as: UTF8.self))
        chmod(key, 0o600)
        func serve(on port: Int) throws -> GatewayProcess {
            try GatewayProcess([
                "serve", "--listen", "127.0.0.1:\(port)", "--backend", "b=127.0.0.1:\(server.address.port)", "--state",
                scratch.path + "/state", "--state-key", key,
            ])
        }
        let first = try serve(on: 0)
        let signIn = #"{"account":"alice@example.com","password":"sandbox"}"#
        let answer = try await RawHTTP.post("/v1/sessions", json: signIn, port: try await first.port())
        try #require(answer.hasPrefix("HTTP/1.1 201 "), "\(answer)")
        first.signal(SIGKILL)
        _ = try await first.exitCode()

        let other = try GatewayProcess(["serve", "--listen", "127.0.0.1:0", "--sandbox", "0"])
        let second = try serve(on: try await other.port())
        #expect(try await second.exitCode() == 1)
        #expect(try await second.allLines().contains { $0.contains("can't listen on ") })
        let third = try serve(on: 0)
        _ = try await third.port()
        // Of the first, and of this one.
        let received = server.received
        while received.all.count(where: { $0.text.hasPrefix("CHG ") }) < 2 { await Task.yield() }
        #expect(received.all.count { $0.text.hasPrefix("CHG ") } == 2)
        for process in [third, other] {
            process.signal(SIGTERM)
            _ = try await process.exitCode()
        }
        try await server.stop()
    }
}
