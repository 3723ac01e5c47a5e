import Locking
import MSNP
import Storage
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// What becomes of a body while its webhook is changed, or others want the same places.
@Suite(.timeLimit(.minutes(2))) struct WebhookRaceTests {
    /// Nothing is done for it at this moment.
    private func rest(_ stage: WebhookStage, _ id: String) async throws -> Webhook {
        let webhook = try #require(stage.harness.gateway.webhooks.find(id[...]))
        while webhook.state.withLock({ $0.task != nil }), !Task.isCancelled { await Task.yield() }
        return webhook
    }

    @Test(
        "What came of a URL that is another by then decides nothing: the body goes to the new one at once",
        arguments: [
            .answered(status: 410), .answered(status: 503, retryAfter: .seconds(3_600)), .failed(.timedOut),
            .refusedByProxy(status: 502),
        ] as [WebhookOutcome])
    func moved(outcome: WebhookOutcome) async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"https://new.example.com/"}"#).status == 200)
        stage.transport.answer(first, outcome)
        let resource = await stage.webhook(id) { $0.value("lastAttempt") != nil }
        try #require(resource.state == nil || resource.state == "active")
        #expect(try resource.string("state") == "active")
        try #require(resource.value("nextAttemptAt") == nil)
        let second = try await stage.attempt(2)
        #expect(second.url == "https://new.example.com/")
        #expect(second.id == first.id)
        #expect(second.body == first.body)
        // The new one's own word counts.
        stage.transport.answer(second, .answered(status: 410))
        #expect(await stage.webhook(id) { $0.state == "disabled" }.value("reason")?.text == "gone")
        try await stage.stop()
    }

    @Test("What an old URL has taken is not sent to the new one")
    func movedAndTaken() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"https://new.example.com/"}"#).status == 200)
        stage.transport.answer(first)
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        try await stage.tell(session, ["Two"])
        let second = try await stage.attempt(2)
        #expect(second.url == "https://new.example.com/")
        #expect(second.names == ["Two"])
        try await stage.stop()
    }

    @Test(
        "An endpoint that was never tried where it is now has places of the slow ones, however prompt the old one was")
    func lane() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let webhook = try #require(stage.harness.gateway.webhooks.find(id[...]))
        #expect(webhook.lane == .slow)
        stage.transport.answer { _ in .answered(status: 204) }
        try await stage.tell(session, ["One"])
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        #expect(webhook.lane == .prompt)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"\#(WebhookStage.url)"}"#).status == 200)
        #expect(webhook.lane == .prompt)
        #expect(await stage.call("PATCH", "/\(id)", #"{"url":"https://new.example.com/"}"#).status == 200)
        #expect(webhook.lane == .slow)
        try await stage.tell(session, ["Two"])
        _ = try await stage.transport.sent.first { $0.url == "https://new.example.com/" }
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        #expect(webhook.lane == .prompt)
        try await stage.stop()
    }

    @Test("What is switched off or deleted while its body is written is not sent", arguments: [false, true])
    func offMeanwhile(isDeleted: Bool) async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.store?.flush()
        let store = try #require(stage.store)
        let webhook = try await rest(stage, id)
        await stage.settle()
        store.holdBack()
        session.hear(.ownDisplayName("One"))
        // The event; then its body waits to be written.
        store.write()
        while webhook.state.withLock({ $0.delivery.batch == nil }) { await Task.yield() }
        async let change =
            isDeleted ? stage.call("DELETE", "/\(id)") : stage.call("PATCH", "/\(id)", #"{"enabled":false}"#)
        while webhook.state.withLock({ !$0.isGone && $0.disabled == nil }) { await Task.yield() }
        try #require(webhook.state.withLock { !$0.isBatchWritten }, "it was changed before the body was written")
        store.writePromptly()
        #expect(await change.status == (isDeleted ? 204 : 200))
        while webhook.state.withLock({ $0.task != nil }) { await Task.yield() }
        #expect(stage.transport.sent.all.isEmpty)
        if isDeleted {
            try await store.flush()
            #expect(try await stage.disk.load(StoredDelivery.self, of: nil).isEmpty)
            #expect(try await stage.disk.load(StoredWebhook.self, of: nil).isEmpty)
        } else {
            #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":true}"#).status == 200)
            let first = try await stage.attempt(1)
            #expect(first.names == ["One"])
        }
        try await stage.stop()
    }

    @Test("What is switched off before anybody begins to send is sent once it is on again")
    func offBefore() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let webhook = try await rest(stage, id)
        async let test = stage.call("POST", "/\(id)/test")
        // Whoever would send is at the test.
        let probe = try await stage.attempt(1)
        try await stage.tell(session, ["One"])
        while webhook.state.withLock({ !$0.mustSend }), !Task.isCancelled { await Task.yield() }
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":false}"#).status == 200)
        stage.transport.answer(probe)
        #expect(await test.status == 200)
        _ = try await rest(stage, id)
        #expect(stage.transport.sent.all.count == 1)
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":true}"#).status == 200)
        #expect(try await stage.attempt(2).names == ["One"])
        try await stage.stop()
    }

    @Test("A wait whose time comes while its alarm is set is over at once")
    func timeComesMeanwhile() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        _ = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        let clock = stage.harness.clock
        stage.loop.whenDeadlineIsSet { clock.advance(.seconds(60)) }
        stage.transport.answer(first, .answered(status: 503))
        #expect(try await stage.attempt(2).id == first.id)
        try await stage.stop()
    }

    @Test("A body that was taken is known to the next process, though nothing that follows is wanted")
    func takenIsWritten() async throws {
        let stage = try await WebhookStage()
        let (alice, erin) = (try await stage.signIn(), try await stage.signIn("erin@example.com"))
        let (id, _) = try await stage.make(#","sessions":["\#(alice.id)"]"#)
        try await stage.tell(alice, ["One"])
        let first = try await stage.attempt(1)
        // Something comes meanwhile, and so the record waits for the next body's, which there is none of.
        try await stage.tell(erin, ["Other"])
        stage.transport.answer(first)
        // No look at it: that would have it written.
        let webhook = try #require(stage.harness.gateway.webhooks.find(id[...]))
        while webhook.state.withLock({ $0.delivery.batch != nil }), !Task.isCancelled { await Task.yield() }
        _ = try await rest(stage, id)
        try await stage.store?.flush()
        #expect(try await stage.disk.load(StoredDelivery.self, of: nil).first?.batch == nil)
        let transport = TestTransport()
        transport.answer { _ in .answered(status: 204) }
        let second = try await stage.next(transport)
        try #require(second.gateway.registry.session(alice.id)).hear(.ownDisplayName("Two"))
        _ = try await transport.sent.first { $0.names.contains("Two") }
        #expect(!transport.sent.all.contains { $0.id == first.id || $0.names.contains("One") })
        try await stage.stop(second)
    }

    @Test("One key's endpoints that do not answer leave places to another key's new one, and none of the prompt ones'")
    func places() async throws {
        // 5 for prompt ones, 2 for the others, and one for tests.
        let stage = try await WebhookStage { $0.webhooks.sockets = 16 }
        let other = try stage.keys.add("other")
        let session = try await stage.signIn()
        let (prompt, _) = try await stage.make(url: "https://prompt.example.com/")
        stage.transport.answer { $0.url == "https://prompt.example.com/" ? .answered(status: 204) : nil }
        try await stage.tell(session, ["One"])
        _ = try await stage.transport.sent.first { $0.names.contains("One") }
        _ = await stage.webhook(prompt) { $0.number("lag", "events") == 0 }
        var slow: [Int: String] = [:]
        for number in 1...10 { slow[number] = try await stage.make(url: "https://slow\(number).example.com/").id }
        try await stage.tell(session, ["Two"])
        // One of the ten has a place, and keeps it.
        let held = try await stage.transport.sent.first { $0.url.hasPrefix("https://slow") }
        #expect(held.names == ["Two"])
        // Nor do tests: one waits for its endpoint's turn, and this one for a place.
        let idle = try #require(slow.first { "https://slow\($0.key).example.com/" != held.url }?.value)
        var tests = [Task { await stage.call("POST", "/\(idle)/test") }]
        let first = try #require(stage.harness.gateway.webhooks.find(idle[...]))
        // It has the place from then on.
        while first.state.withLock({ $0.tester == nil }) { await Task.yield() }
        tests.append(Task { await stage.call("POST", "/\(prompt)/test") })
        let second = try #require(stage.harness.gateway.webhooks.find(prompt[...]))
        while !second.state.withLock({ $0.hasTester }) { await Task.yield() }
        #expect(await stage.call("POST", "/\(prompt)/test").code == "rate-limited")
        try await stage.tell(session, ["Three"])
        _ = try await stage.transport.sent.first {
            $0.url == "https://prompt.example.com/" && $0.names.contains("Three")
        }
        let others = try await stage.harness.signIn("erin@example.com", key: other).id
        let made = await stage.harness.call(
            "POST", "/v1/webhooks", token: other, json: #"{"url":"https://other.example.com/"}"#)
        #expect(made.status == 201)
        try #require(stage.harness.gateway.registry.session(others)).hear(.ownDisplayName("Four"))
        _ = try await stage.transport.sent.first { $0.url == "https://other.example.com/" }
        #expect(stage.transport.sent.all.filter { $0.url.hasPrefix("https://slow") }.count == 1)
        stage.transport.answer { _ in .answered(status: 204) }
        stage.transport.answer(held)
        for test in tests { #expect(await test.value.status == 200) }
        try await stage.stop()
    }

    @Test("Whoever is deleted while it waits for a place waits no more, and says so to whoever tests it")
    func deletedInLine() async throws {
        let slots = WebhookSlots(prompt: 1, slow: 1, tests: 1)
        let owner = Owner.key(id: "one")
        #expect(await slots.take(.slow, for: owner))
        let waiting = Task { await slots.take(.slow, for: owner) }
        waiting.cancel()
        #expect(await waiting.value == false)
        let next = Task { await slots.take(.slow, for: owner) }
        slots.give(.slow, of: owner)
        #expect(await next.value)
        slots.close()
        #expect(await slots.take(.prompt, for: owner) == false)
    }
}
