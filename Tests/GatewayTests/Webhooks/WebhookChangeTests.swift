import MSNP
import Storage
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// What a change or the end of the process means for what is on its way, and for whom nothing is sent.
@Suite(.timeLimit(.minutes(5))) struct WebhookChangeTests {
    @Test("A body keeps the types and sessions that it was made of, in the next process too")
    func retyped() async throws {
        let stage = try await WebhookStage()
        let (alice, erin) = (try await stage.signIn(), try await stage.signIn("erin@example.com"))
        let (id, _) = try await stage.make(#","types":["session.updated"]"#)
        try await stage.tell(alice, ["One"])
        let first = try await stage.attempt(1)
        let change = #"{"types":["session.*"],"sessions":["\#(erin.id)"]}"#
        #expect(await stage.call("PATCH", "/\(id)", change).status == 200)
        stage.transport.answer(first, .answered(status: 500))
        _ = await stage.webhook(id) { $0.value("nextAttemptAt") != nil }
        stage.pass(.seconds(1))
        let second = try await stage.attempt(2)
        #expect(second.id == first.id)
        #expect(second.body == first.body)
        try await stage.tell(alice, ["Two"])
        try await stage.tell(erin, ["Three"])
        let transport = TestTransport()
        let next = try await stage.next(transport)
        let third = try await transport.attempt(1)
        #expect(third.id == first.id)
        #expect(third.body == first.body)
        transport.answer { _ in .answered(status: 204) }
        transport.answer(third)
        _ = try await transport.sent.first { $0.names.contains("Three") }
        #expect(!transport.sent.all.contains { $0.names.contains("Two") })
        try await stage.stop(next)
    }

    @Test("What is taken while its webhook is switched off is not sent again when that is switched on")
    func takenWhileOff() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        #expect(try await stage.call("PATCH", "/\(id)", #"{"enabled":false}"#).string("reason") == "byOwner")
        stage.transport.answer(first)
        let taken = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        #expect(try taken.string("position") == first.next)
        #expect(try taken.string("state") == "disabled")
        try await stage.tell(session, ["Two"])
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":true}"#).status == 200)
        let second = try await stage.attempt(2)
        #expect(second.names == ["Two"])
        #expect(second.id != first.id)
        try await stage.stop()
    }

    @Test("Who answered 410 is asked by no later process, until somebody enables it")
    func gone() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        stage.transport.answer(first, .answered(status: 410))
        _ = await stage.webhook(id) { $0.state == "disabled" }
        let transport = TestTransport()
        let next = try await stage.next(transport)
        try #require(next.gateway.registry.session(session.id)).hear(.ownDisplayName("Two"))
        #expect(try await stage.webhook(id, at: next).string("reason") == "gone")
        #expect(transport.sent.all.isEmpty)
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":true}"#, next).status == 200)
        let again = try await transport.attempt(1)
        #expect(again.id == first.id)
        #expect(again.body == first.body)
        try await stage.stop(next)
    }

    @Test("Days of failing add up over processes")
    func threeDays() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        stage.transport.answer { _ in .failed(.unreachable) }
        try await stage.tell(session, ["One"])
        for hour in 1...71 {
            _ = try await stage.attempt(hour)
            _ = await stage.webhook(id) { $0.value("nextAttemptAt") != nil }
            if hour < 71 { stage.pass(.seconds(3_600)) }
        }
        #expect(try await stage.webhook(id).string("state") == "failing")
        // 70 hours; what the look has shown is written.
        let (transport, loop) = (TestTransport(), ManualLoop())
        transport.answer { _ in .failed(.unreachable) }
        let next = try await stage.next(transport, loop)
        for attempt in 1...3 {
            _ = try await stage.attempt(attempt, of: transport, loop)
            let found = await stage.webhook(id, at: next) {
                $0.state == "disabled" || $0.value("nextAttemptAt") != nil
            }
            #expect(try found.string("state") == (attempt < 3 ? "failing" : "disabled"))
            next.clock.advance(.seconds(3_600))
            loop.pass(.seconds(3_600))
        }
        #expect(try await stage.webhook(id, at: next).string("reason") == "failingForThreeDays")
        try await stage.stop(next)
    }
}
