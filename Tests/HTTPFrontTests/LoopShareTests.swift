import Glibc
import Loops
import TestSupport
import Testing

@testable import HTTPFront

/// Which loop has which connections.
@Suite(.timeLimit(.minutes(2))) struct LoopShareTests {
    @Test("Connections go to the loop that has the fewest, whichever accepts them, also when others have left")
    func fewest() async throws {
        let server = try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), loops: 3, daemonsPerLoop: 1),
            TestHandler.echo)
        var clients: [RawClient] = []
        for count in 1...21 {
            let client = try await RawClient.connect(to: server)
            clients.append(client)
            // Once it is answered it is counted, wherever it is.
            try await client.send("GET /\(count) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().text == "GET /\(count)\n")
            let counts = server.admission.shares.map(\.count)
            #expect(counts.reduce(0, +) == count)
            #expect(counts.allSatisfy { ($0 - count / 3) <= 1 }, "\(counts)")
        }
        for client in clients.prefix(10) { client.close() }
        while server.statistics.connections > 11 { await Task.yield() }
        for count in 12...15 {
            let before = server.admission.shares.map(\.count)
            let client = try await RawClient.connect(to: server)
            clients.append(client)
            try await client.send("GET /\(count) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().status == 200)
            let after = server.admission.shares.map(\.count)
            let taker = zip(before, after).first { $0 < $1 }
            #expect(taker?.0 == before.min(), "\(before) \(after)")
        }
        await server.stop(grace: .zero)
        #expect(server.admission.shares.map(\.count) == [0, 0, 0])
    }

    @Test("A connection that comes to a loop that has ended is closed")
    func late() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let share = LoopShare(LoopMailbox(of: try LoopGroup(count: 1).loops[0]))
        share.mailbox.close()
        share.give(LoopShare.Arrival(ends[0], sockaddr_storage(), 0))
        var byte: UInt8 = 0
        #expect(recv(ends[1], &byte, 1, 0) == 0)
        close(ends[1])
    }
}
