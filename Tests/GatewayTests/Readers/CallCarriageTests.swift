import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Where a call is carried that asks the server something.
@Suite struct CallCarriageTests {
    @Test("A call that asks the server runs on its session's loop alone, and is answered from there")
    func onTheLoop() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let session = try #require(harness.gateway.registry.session(alice.id))
        let places = Recorder<Bool>()
        let note: @Sendable () -> Void = { places.record(session.owed.loop.isCurrent) }
        let answer = Answer.later(on: session) { () throws(Problem) in
            note()
            try await session.setPresence(.busy)
            note()
            // One that takes turns with others, and is several requests.
            _ = try await session.edit(.block, of: Self.bob())
            note()
            return .noContent
        }
        guard case .park(let request) = answer else { throw TestError("the answer takes a while") }
        let statuses = Recorder<Int>()
        request.park(
            at: TestTarget { delivery in
                note()
                if case .response(_, let response) = delivery { statuses.record(response.status) }
            })
        #expect(try await statuses.first { _ in true } == 204)
        #expect(places.all == [true, true, true, true])
        #expect(!session.owed.loop.isCurrent)
        try await harness.stop()
    }

    private static func bob() throws(Problem) -> Handle {
        do {
            return try Handle(validating: "bob@example.com")
        } catch {
            throw Problem(.invalidRequest, "no handle")
        }
    }
}
