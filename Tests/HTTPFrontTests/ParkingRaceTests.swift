import HTTPFront
import Locking
import Testing

/// Everything that can end a wait, at the same time, many times.
@Suite struct ParkingRaceTests {
    private enum Outcome { case answered, released, abandoned }

    private static let clients = 32
    private static let rounds = 60

    @Test func eachWaitEndsOnce() async throws {
        // By the number of the wait, which is the request's query.
        let outcomes = Locked<[Int: [Outcome]]>([:])
        let record: @Sendable (Int, Outcome) -> Void = { id, outcome in
            outcomes.withLock { $0[id, default: []].append(outcome) }
        }
        let handler = TestHandler { head in
            let id = head.query.flatMap { Int($0) } ?? -1
            // The time is over at once, very soon, or never.
            let timeout: Duration = [.zero, .milliseconds(1), .seconds(600)][id % 3]
            return .answer(
                .park(
                    ParkedRequest(
                        timeout: timeout,
                        began: { parked in
                            Task {
                                if parked.answer(Response(status: 200, text: "\(id)")) { record(id, .answered) }
                            }
                        },
                        releasedWith: { _ in
                            record(id, .released)
                            return Response(status: 200, text: "\(id)")
                        }, abandoned: { record(id, .abandoned) })))
        }
        try await withServer(handler) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<Self.clients {
                    group.addTask { try await Self.run(client, at: server) }
                }
                try await group.waitForAll()
            }
        }
        let ended = outcomes.withLock { $0 }
        #expect(ended.count == Self.clients * Self.rounds)
        #expect(ended.values.allSatisfy { $0.count == 1 })
    }

    /// Half of the clients stay for each answer, the others leave in the middle of their wait.
    private static func run(_ client: Int, at server: HTTPServer) async throws {
        var connection = try await RawClient.connect(to: server)
        for round in 0..<rounds {
            let id = client * rounds + round
            try await connection.send("GET /?\(id) HTTP/1.1\r\nHost: x\r\n\r\n")
            if client % 2 == 0 {
                #expect(try await connection.response().text == "\(id)")
            } else {
                connection.close()
                connection = try await RawClient.connect(to: server)
            }
        }
        connection.close()
    }
}
