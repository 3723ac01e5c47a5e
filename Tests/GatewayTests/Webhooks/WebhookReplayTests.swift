import MSNP
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// From where a webhook begins again, and from where it can't.
@Suite(.timeLimit(.minutes(5))) struct WebhookReplayTests {
    @Test("A replay sends what comes after a cursor again, under new IDs; what is no such cursor is refused")
    func replay() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let start = try await stage.webhook(id).string("position")
        stage.transport.answer { _ in .answered(status: 200) }
        for name in ["One", "Two", "Three"] { try await stage.tell(session, [name]) }
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        let before = stage.transport.sent.all
        let answer = await stage.call("POST", "/\(id)/replay", #"{"after":"\#(start)"}"#)
        #expect(answer.status == 200)
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        let again = stage.transport.sent.all.dropFirst(before.count)
        #expect(again.flatMap(\.names) == ["One", "Two", "Three"])
        #expect(Set(again.map(\.id)).isDisjoint(with: before.map(\.id)))
        for (cursor, code) in [
            ("nonsense", "invalid-cursor"), ("AAAAAAAA.1", "invalid-cursor"), ("f.AAAAAAAA.1", "cursor-expired"),
        ] {
            #expect(await stage.call("POST", "/\(id)/replay", #"{"after":"\#(cursor)"}"#).code == code)
        }
        for body in ["{}", #"{"after":null}"#, #"{"after":7}"#, #"{"after":"now","more":1}"#] {
            #expect(await stage.call("POST", "/\(id)/replay", body).code == "invalid-request")
        }
        // While something is under way, what comes of that moves nothing.
        stage.transport.answer { _ in nil }
        try await stage.tell(session, ["Four"])
        let held = try await stage.transport.sent.first { $0.names == ["Four"] }
        #expect(await stage.call("POST", "/\(id)/replay", #"{"after":"\#(start)"}"#).status == 200)
        stage.transport.answer(held)
        let next = try await stage.transport.attempt(held.number + 1)
        #expect(next.names == ["One", "Two", "Three", "Four"])
        try await stage.stop()
    }

    @Test("Cursors of another key, of a session, of the future and of no number are refused, and move nothing")
    func oddCursors() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        stage.transport.answer { _ in .answered(status: 200) }
        try await stage.tell(session, ["One"])
        let before = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        let position = try before.string("position")
        let other = try stage.keys.add("other")
        _ = try await stage.harness.signIn("erin@example.com", key: other)
        let theirs = try await stage.harness.call("GET", "/v1/events?after=now&wait=0", token: other).string("next")
        let ofSession = try await stage.harness.call(
            "GET", "/v1/sessions/\(session.id)/events?after=now&wait=0", token: stage.bot
        ).string("next")
        // All of it but the number.
        let front = position.prefix(11)
        try #require(front.hasPrefix("f.") && front.hasSuffix("."))
        for (cursor, code) in [
            (theirs, "cursor-expired"), (ofSession, "invalid-cursor"), ("\(front)\(UInt64.max)", "cursor-expired"),
            ("\(front)18446744073709551616", "invalid-cursor"), ("\(front)-1", "invalid-cursor"),
            ("\(front)01", "invalid-cursor"), ("\(front)", "invalid-cursor"), ("", "invalid-cursor"),
            ("\(position) ", "invalid-cursor"), ("NOW", "invalid-cursor"),
            (String(repeating: "f", count: 1_000), "invalid-cursor"),
        ] {
            let answer = await stage.call("POST", "/\(id)/replay", #"{"after":"\#(cursor)"}"#)
            #expect(answer.code == code, "\(cursor)")
        }
        let after = await stage.webhook(id)
        #expect(after.text == before.text)
        #expect(stage.transport.sent.all.flatMap(\.names) == ["One"])
        try await stage.stop()
    }

    @Test("A replay has no one that fails be tried before its time, and none that is disabled at all")
    func replayAtRest() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let start = try await stage.webhook(id).string("position")
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        stage.transport.answer(first, .answered(status: 503, retryAfter: .seconds(60)))
        _ = await stage.webhook(id) { $0.value("nextAttemptAt") != nil }
        let replay = #"{"after":"\#(start)"}"#
        #expect(try await stage.call("POST", "/\(id)/replay", replay).string("state") == "failing")
        stage.pass(.seconds(59))
        #expect(stage.transport.sent.all.count == 1)
        stage.pass(.seconds(1))
        let second = try await stage.attempt(2)
        #expect(second.names == ["One"])
        #expect(second.id != first.id, "what was on its way is off it")
        stage.transport.answer(second, .answered(status: 410))
        _ = await stage.webhook(id) { $0.state == "disabled" }
        #expect(try await stage.call("POST", "/\(id)/replay", replay).string("reason") == "gone")
        try await stage.tell(session, ["Two"])
        stage.pass(.seconds(7_200))
        #expect(stage.transport.sent.all.count == 2)
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":true}"#).status == 200)
        let third = try await stage.attempt(3)
        #expect(third.names == ["One", "Two"])
        #expect(third.id != second.id)
        try await stage.stop()
    }

    @Test("A replay that was answered outlives a kill, and what was on its way before it never comes again")
    func replayed() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let start = try await stage.webhook(id).string("position")
        try await stage.tell(session, ["One"])
        stage.transport.answer(try await stage.attempt(1))
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        try await stage.tell(session, ["Two"])
        let held = try await stage.attempt(2)
        let replay = await stage.call("POST", "/\(id)/replay", #"{"after":"\#(start)"}"#)
        #expect(try replay.string("position") == start)
        let transport = TestTransport()
        let next = try await stage.next(transport)
        let again = try await transport.attempt(1)
        // Behind them is what the session's return tells.
        #expect(again.names.prefix(2) == ["One", "Two"])
        #expect(!stage.transport.sent.all.contains { $0.id == again.id })
        transport.answer { _ in .answered(status: 204) }
        transport.answer(again)
        _ = await stage.webhook(id, at: next) { $0.number("lag", "events") == 0 }
        #expect(!transport.sent.all.contains { $0.id == held.id })
        try await stage.stop(next)
    }
}
