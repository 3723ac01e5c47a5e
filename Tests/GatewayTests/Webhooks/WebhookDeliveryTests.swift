import Digests
import Encodings
import HTTPFront
import Locking
import MSNP
import Storage
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// What arrives at a webhook's endpoint, in which order and how often.
@Suite(.timeLimit(.minutes(5))) struct WebhookDeliveryTests {
    private func names(_ range: ClosedRange<Int>) -> [String] { range.map { "Name \($0)" } }

    @Test("Events come in order, 100 in a body, one body at a time, signed; what is taken moves the position")
    func order() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, secret) = try await stage.make()
        let start = try await stage.webhook(id).string("position")
        try await stage.tell(session, names(1...1))
        let first = try await stage.attempt(1)
        try await stage.tell(session, names(2...250))
        #expect(first.names == names(1...1))
        #expect(first.webhook == id)
        #expect(first.url == WebhookStage.url)
        #expect(stage.transport.inFlight == 1)
        let waiting = await stage.webhook(id)
        #expect(try waiting.string("position") == start, "nobody has taken anything")
        #expect(waiting.number("lag", "events") == 250)
        stage.transport.answer(first)
        var (number, got) = (2, [String]())
        while got.count < 249 {
            let next = try await stage.attempt(number)
            #expect(stage.transport.inFlight == 1)
            #expect(next.events.count <= 100)
            #expect(next.id != first.id)
            got += next.names
            number += 1
            stage.transport.answer(next)
        }
        #expect(got == names(2...250))
        let last = try #require(stage.transport.sent.all.last)
        let done = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        #expect(try done.string("position") == last.next)
        #expect(done.number("lag", "seconds") == 0)
        #expect(try done.string("state") == "active")
        #expect(done.value("lastAttempt")?["status"] == .number(204))
        for sent in stage.transport.sent.all {
            let key = try #require(WebhookSecret(text: secret))
            let stamp = try #require(sent.fields["webhook-timestamp"].flatMap { Int64($0) })
            #expect(
                sent.fields["webhook-signature"]
                    == WebhookSignature.field(id: sent.id, timestamp: stamp, body: sent.body, secrets: [key]))
        }
        // The same bytes as everybody gets.
        let poll = await stage.harness.call("GET", "/v1/events?after=\(start)&wait=0&limit=1", token: stage.bot)
        #expect(poll.events.first?["id"]?.text == first.events.first?["id"]?.text)
        try await stage.stop()
    }

    @Test("Only what was asked for comes: types, and sessions that are named")
    func selection() async throws {
        let stage = try await WebhookStage()
        let (alice, erin) = (try await stage.signIn(), try await stage.signIn("erin@example.com"))
        let both = try await stage.make(#","types":["session.*"]"#, url: "https://both.example.com/")
        let one = try await stage.make(#","sessions":["\#(erin.id)"]"#, url: "https://one.example.com/")
        let none = try await stage.make(#","types":["mail.*","typing"]"#, url: "https://none.example.com/")
        stage.transport.answer { _ in .answered(status: 200) }
        for _ in 1...3 {
            try await stage.tell(alice, ["A"])
            try await stage.tell(alice, ["B"])
            try await stage.tell(erin, ["E"])
            try await stage.tell(erin, ["F"])
        }
        for id in [both.id, one.id, none.id] { _ = await stage.webhook(id) { $0.number("lag", "events") == 0 } }
        let sent = stage.transport.sent.all
        #expect(sent.filter { $0.webhook == both.id }.flatMap(\.names).filter { "AB".contains($0) }.count == 6)
        let ofOne = sent.filter { $0.webhook == one.id }
        #expect(ofOne.flatMap(\.events).allSatisfy { $0["sessionId"]?.text == erin.id })
        #expect(ofOne.flatMap(\.names) == ["E", "F", "E", "F", "E", "F"])
        #expect(!sent.contains { $0.webhook == none.id })
        try await stage.stop()
    }

    @Test("A body that nobody takes comes again after a while, the same bytes under the same ID")
    func again() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        stage.transport.answer(first, .answered(status: 500))
        var failing = await stage.webhook(id) { $0.state == "failing" }
        #expect(failing.value("lastAttempt")?["outcome"]?.text == "refused")
        #expect(failing.value("failingSince") != nil)
        #expect(failing.value("nextAttemptAt") != nil)
        try await stage.tell(session, ["Two"])
        // 1 s, then 2 s, then what it wishes.
        stage.pass(.milliseconds(999))
        #expect(stage.transport.sent.all.count == 1)
        stage.pass(.milliseconds(1))
        let second = try await stage.attempt(2)
        stage.transport.answer(second, .failed(.timedOut))
        failing = await stage.webhook(id) { $0.value("lastAttempt")?["outcome"]?.text == "timedOut" }
        stage.pass(.seconds(1))
        #expect(stage.transport.sent.all.count == 2)
        stage.pass(.seconds(1))
        let third = try await stage.attempt(3)
        stage.transport.answer(third, .answered(status: 503, retryAfter: .seconds(60)))
        failing = await stage.webhook(id) { $0.value("lastAttempt")?["status"] == .number(503) }
        stage.pass(.seconds(59))
        #expect(stage.transport.sent.all.count == 3)
        stage.pass(.seconds(1))
        let fourth = try await stage.attempt(4)
        for attempt in [second, third, fourth] {
            #expect(attempt.id == first.id)
            #expect(attempt.body == first.body)
            #expect(attempt.trace == first.trace)
        }
        // Each attempt has its time, by which a recorded one is refused, and its place in the trace.
        let attempts = [first, second, third, fourth]
        let start = try #require(attempts.first?.timestamp)
        #expect(attempts.map { $0.timestamp.map { $0 - start } } == [0, 1, 3, 63])
        #expect(Set(attempts.map(\.signatures)).count == 4)
        #expect(Set(attempts.map { $0.fields["traceparent"] }).count == 4)
        stage.transport.answer(fourth)
        let next = try await stage.attempt(5)
        #expect(next.trace != nil && next.trace != first.trace)
        #expect(next.names == ["Two"])
        #expect(next.id != first.id)
        stage.transport.answer(next)
        let well = await stage.webhook(id) { $0.state == "active" }
        #expect(well.value("failingSince") == nil)
        let log = stage.harness.log.lines.all
        #expect(log.count { $0.hasPrefix("warning webhook fails") } == 1)
        #expect(log.count { $0.hasPrefix("notice webhook works again") } == 1)
        #expect(!log.contains { $0.contains("hidden") }, "no query of a URL is in the log")
        try await stage.stop()
    }

    @Test("410 disables it, and whoever enables it again gets what has come meanwhile")
    func gone() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        stage.transport.answer(first, .answered(status: 410))
        let gone = await stage.webhook(id) { $0.state == "disabled" }
        #expect(try gone.string("reason") == "gone")
        #expect(gone.value("enabled") == .bool(false))
        try await stage.tell(session, ["Two"])
        stage.pass(.seconds(7_200))
        #expect(stage.transport.sent.all.count == 1)
        #expect(await stage.webhook(id).number("lag", "events") == 2)
        let enabled = await stage.call("PATCH", "/" + id, #"{"enabled":true}"#)
        #expect(try enabled.string("state") == "active")
        let again = try await stage.attempt(2)
        #expect(again.id == first.id)
        #expect(again.body == first.body)
        stage.transport.answer(again)
        #expect(try await stage.attempt(3).names == ["Two"])
        try await stage.stop()
    }

    @Test("Three days of failure disable it")
    func threeDays() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        stage.transport.answer { _ in .failed(.unreachable) }
        try await stage.tell(session, ["One"])
        _ = await stage.webhook(id) { $0.state == "failing" }
        var (attempts, hours) = (1, 0)
        while await stage.webhook(id).state == "failing" {
            stage.pass(.seconds(3_600))
            hours += 1
            attempts += 1
            // 1 s to an hour, all of which is over by now.
            _ = try await stage.attempt(attempts)
            _ = await stage.webhook(id) { $0.state != "failing" || $0.value("nextAttemptAt") != nil }
            try #require(hours <= 73)
        }
        #expect((72...73).contains(hours))
        let disabled = await stage.webhook(id)
        #expect(try disabled.string("reason") == "failingForThreeDays")
        try await stage.stop()
    }

    @Test("An endpoint that does not answer holds up nobody else")
    func slow() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let slow = try await stage.make(url: "https://slow.example.com/")
        var quick: [String] = []
        for number in 1...20 { quick.append(try await stage.make(url: "https://quick\(number).example.com/").id) }
        stage.transport.answer { $0.url.contains("slow") ? nil : .answered(status: 200) }
        for name in names(1...30) { try await stage.tell(session, [name]) }
        for id in quick { _ = await stage.webhook(id) { $0.number("lag", "events") == 0 } }
        let sent = stage.transport.sent.all
        for id in quick { #expect(sent.filter { $0.webhook == id }.flatMap(\.names) == names(1...30)) }
        #expect(sent.count { $0.webhook == slow.id } == 1)
        #expect(stage.transport.inFlight == 1)
        try await stage.stop()
    }

    @Test("One that asks for nothing that comes is never behind, nor told of a gap when it comes")
    func passedOver() async throws {
        let stage = try await WebhookStage { $0.limits.journal.events = 20 }
        let session = try await stage.signIn()
        let (id, _) = try await stage.make(#","types":["session.state"]"#)
        for name in names(1...100) {
            try await stage.tell(session, [name])
            _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        }
        #expect(stage.transport.sent.all.isEmpty)
        // What it has passed over is written some time later.
        var stored: UInt64?
        while stored != stage.disk.lastPosition {
            stage.pass(.seconds(30))
            try await stage.store?.flush()
            stored = try await stage.disk.load(StoredDelivery.self, of: nil).first?.position
        }
        try await stage.stop()
    }

    @Test("A body has a bounded number of bytes, however many events there are; an event with more goes alone")
    func bytes() {
        #expect(WebhookBody.limits.bytes == 256 << 10)
        var portion = FeedPortion(after: 0)
        let limits = FeedPortion.Limits(items: 3, bytes: 100, references: 10)
        let large = JournalEntry(
            sequence: 1, type: EventType(SessionStateEvent.self), uptime: .zero, json: [UInt8](repeating: 0, count: 150)
        )
        #expect(portion.hasRoom(for: large, limits), "alone")
        portion.add(large, at: 1)
        let small = JournalEntry(sequence: 2, type: large.type, uptime: .zero, json: [0])
        #expect(!portion.hasRoom(for: small, limits))
    }

    // MARK: - Gaps

    @Test("What is no longer kept is told in its place, with its number, and only to whoever wanted it")
    func gap() async throws {
        let stage = try await WebhookStage(keeps: false) { $0.limits.journal.events = 10 }
        let (alice, erin) = (try await stage.signIn(), try await stage.signIn("erin@example.com"))
        let all = try await stage.make(url: "https://all.example.com/")
        let erins = try await stage.make(#","sessions":["\#(erin.id)"]"#, url: "https://erin.example.com/")
        for id in [all.id, erins.id] { _ = await stage.call("PATCH", "/" + id, #"{"enabled":false}"#) }
        try await stage.tell(erin, ["First"])
        try await stage.tell(alice, names(1...50))
        try await stage.tell(erin, ["Last"])
        stage.transport.answer { _ in .answered(status: 200) }
        for id in [all.id, erins.id] {
            _ = await stage.call("PATCH", "/" + id, #"{"enabled":true}"#)
            _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        }
        let sent = stage.transport.sent.all
        let ofAll = sent.filter { $0.webhook == all.id }
        #expect(ofAll.count == 1)
        #expect(ofAll.first?.names == ["First"] + names(41...50) + ["Last"])
        #expect(ofAll.first?.missed == [40])
        #expect(ofAll.first?.types.prefix(2) == ["session.updated", "journal.gap"])
        let ofErin = sent.filter { $0.webhook == erins.id }
        #expect(ofErin.flatMap(\.names) == ["First", "Last"])
        #expect(ofErin.flatMap(\.missed).isEmpty)
        try await stage.stop()
    }

    @Test("What went with its session is a gap for whoever wanted that session, and for nobody else")
    func departed() async throws {
        let stage = try await WebhookStage(keeps: false)
        let (alice, erin) = (try await stage.signIn(), try await stage.signIn("erin@example.com"))
        let all = try await stage.make(url: "https://all.example.com/")
        let erins = try await stage.make(#","sessions":["\#(erin.id)"]"#, url: "https://erin.example.com/")
        for id in [all.id, erins.id] { _ = await stage.call("PATCH", "/" + id, #"{"enabled":false}"#) }
        try await stage.tell(alice, ["A"])
        try await stage.tell(erin, ["E"])
        #expect(await stage.harness.call("DELETE", "/v1/sessions/\(alice.id)", token: stage.bot).status == 204)
        stage.harness.clock.advance(.seconds(61))
        #expect(await stage.harness.call("GET", "/v1/sessions/\(alice.id)", token: stage.bot).status == 404)
        try await stage.tell(erin, ["F"])
        stage.transport.answer { _ in .answered(status: 200) }
        for id in [all.id, erins.id] {
            _ = await stage.call("PATCH", "/" + id, #"{"enabled":true}"#)
            _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        }
        let sent = stage.transport.sent.all
        let ofAll = sent.filter { $0.webhook == all.id }
        #expect(ofAll.flatMap(\.names) == ["E", "F"])
        // Her name, and that she is gone.
        #expect(ofAll.flatMap(\.missed) == [1, 1])
        let ofErin = sent.filter { $0.webhook == erins.id }
        #expect(ofErin.flatMap(\.names) == ["E", "F"])
        #expect(ofErin.flatMap(\.missed).isEmpty)
        try await stage.stop()
    }

    @Test("A body whose events are let go before it is taken becomes a gap, and comes under no other ID")
    func lostBody() async throws {
        let stage = try await WebhookStage(keeps: false) { $0.limits.journal.events = 10 }
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["Alone"])
        let first = try await stage.attempt(1)
        try await stage.tell(session, names(1...5))
        stage.transport.answer(first)
        let second = try await stage.attempt(2)
        #expect(second.names == names(1...5))
        // The first three of these five are let go.
        try await stage.tell(session, names(6...13))
        stage.transport.answer(second, .answered(status: 500))
        _ = await stage.webhook(id) { $0.state == "failing" }
        stage.pass(.seconds(1))
        let third = try await stage.attempt(3)
        #expect(third.id != second.id)
        #expect(third.types.first == "journal.gap")
        #expect(third.missed == [5])
        #expect(third.names == names(6...13))
        // It is as much a body as any other.
        stage.transport.answer(third, .answered(status: 500))
        _ = await stage.webhook(id) { $0.value("nextAttemptAt") != nil }
        stage.pass(.seconds(2))
        let fourth = try await stage.attempt(4)
        #expect(fourth.id == third.id)
        #expect(fourth.body == third.body)
        try await stage.stop()
    }
}
