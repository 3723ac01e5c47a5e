import Digests
import Encodings
import Foundation
import Locking
import MSNP
import Storage
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// What of webhooks the next process knows, and what an endpoint gets twice.
@Suite(.timeLimit(.minutes(5))) struct WebhookRestartTests {
    @Test("After a kill the body that was on its way comes again, the same bytes under the same ID")
    func kill() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, secret) = try await stage.make()
        try await stage.tell(session, ["One", "Two"])
        let taken = try await stage.attempt(1)
        // The second may have come with the first or behind it.
        try await stage.tell(session, ["Three"])
        stage.transport.answer(taken)
        let first = try await stage.attempt(2)
        try await stage.tell(session, ["Four"])
        let (transport, loop) = (TestTransport(), ManualLoop())
        let second = try await stage.next(transport, loop)
        let again = try await transport.attempt(1)
        #expect(again.id == first.id)
        #expect(again.body == first.body)
        #expect(again.id != taken.id)
        #expect(again.trace != nil && again.trace == first.trace)
        let key = try #require(WebhookSecret(text: secret))
        let stamp = try #require(again.fields["webhook-timestamp"].flatMap { Int64($0) })
        #expect(
            again.signatures
                == [WebhookSignature.field(id: again.id, timestamp: stamp, body: again.body, secrets: [key])])
        transport.answer(again)
        let next = try await transport.attempt(2)
        #expect(next.names.first == "Four")
        #expect(transport.inFlight == 1)
        transport.answer(next)
        let resource = await stage.webhook(id, at: second)
        #expect(resource.value("durable") == .bool(true))
        #expect(try resource.string("url") == WebhookStage.url)
        try await stage.stop(second)
    }

    @Test("Nothing is sent before it is written what that is")
    func writtenFirst() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        let store = try #require(stage.store)
        try await stage.tell(session, ["One"])
        stage.transport.answer(try await stage.attempt(1))
        _ = await stage.webhook(id) { $0.number("lag", "events") == 0 }
        // That it was taken is written, too.
        while try await stage.disk.load(StoredDelivery.self, of: nil).first?.batch != nil { await Task.yield() }
        store.holdBack()
        session.hear(.ownDisplayName("Two"))
        // The event, and then the body that has it.
        store.write()
        while !store.isAwaited { await Task.yield() }
        #expect(stage.transport.sent.all.count == 1)
        let transport = TestTransport()
        let second = try await stage.next(transport)
        let next = try await transport.attempt(1)
        #expect(next.names.first == "Two")
        try await stage.stop(second)
    }

    @Test("One that failed is tried once at once by the next process, and then left alone as long as before")
    func failing() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        stage.transport.answer { _ in .answered(status: 500) }
        try await stage.tell(session, ["One"])
        for attempt in 1...5 {
            _ = try await stage.attempt(attempt)
            _ = await stage.webhook(id) { $0.value("nextAttemptAt") != nil }
            if attempt < 5 { stage.pass(.seconds(3_600)) }
        }
        let since = try await stage.webhook(id).string("failingSince")
        try await stage.store?.flush()
        let (transport, loop) = (TestTransport(), ManualLoop())
        transport.answer { _ in .answered(status: 500) }
        let second = try await stage.next(transport, loop)
        _ = try await transport.attempt(1)
        let failing = await stage.webhook(id, at: second) { $0.value("nextAttemptAt") != nil }
        #expect(try failing.string("failingSince") == since)
        // The sixth failure: 32 s.
        second.clock.advance(.seconds(31))
        loop.pass(.seconds(31))
        #expect(transport.sent.all.count == 1)
        second.clock.advance(.seconds(1))
        loop.pass(.seconds(1))
        _ = try await stage.attempt(2, of: transport, loop)
        try await stage.stop(second)
    }

    @Test("Without a key to seal with it comes back disabled, and a new secret enables it")
    func secretNotKept() async throws {
        let stage = try await WebhookStage(sealing: false)
        let session = try await stage.signIn()
        let (id, _) = try await stage.make()
        try await stage.tell(session, ["One"])
        let first = try await stage.attempt(1)
        let transport = TestTransport()
        let second = try await stage.next(transport)
        let back = await stage.webhook(id, at: second)
        #expect(try back.string("state") == "disabled")
        #expect(try back.string("reason") == "secretNotKept")
        #expect(transport.sent.all.isEmpty)
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":true}"#, second).code == "secret-not-kept")
        #expect(await stage.call("POST", "/\(id)/test", nil, second).code == "secret-not-kept")
        let rotated = await stage.call("POST", "/\(id)/secret", nil, second)
        #expect(try rotated.string("webhook", "state") == "active")
        let again = try await transport.attempt(1)
        #expect(again.id == first.id)
        #expect(again.body == first.body)
        #expect(again.signatures.count == 1)
        try await stage.stop(second)
    }

    /// What a record has, opened: nil where it can't be.
    private func kept(_ stage: WebhookStage) async throws -> (secrets: WebhookSecrets, until: Int64?)? {
        guard let record = try await stage.disk.load(StoredWebhook.self, of: nil).first, let sealed = record.sealed,
            let opened = stage.sealing?.open(sealed, for: SealingContext(record)),
            let secrets = WebhookSecrets(sealable: opened, previousUntil: record.previousUntil ?? .max)
        else { return nil }
        return (secrets, record.previousUntil)
    }

    @Test("A former secret is gone from its record when its day is over", arguments: ["alarm", "write", "start"])
    func forgotten(by what: String) async throws {
        let stage = try await WebhookStage()
        let (id, _) = try await stage.make()
        #expect(await stage.call("POST", "/\(id)/secret").status == 200)
        try await stage.store?.flush()
        let before = try #require(try await kept(stage))
        #expect(before.secrets.previous.count == 1)
        #expect(before.until != nil)
        stage.pass(.milliseconds(WebhookSecrets.overlap - 1))
        try await stage.store?.flush()
        #expect(try await kept(stage)?.secrets.previous.count == 1)
        var second: GatewayHarness?
        switch what {
        case "alarm": stage.pass(.milliseconds(1_000))
        case "write":
            stage.harness.clock.advance(.milliseconds(1))
            #expect(await stage.call("PATCH", "/\(id)", #"{"types":["typing"]}"#).status == 200)
        default:
            second = try await stage.next(TestTransport(), later: .milliseconds(WebhookSecrets.overlap))
        }
        while try await kept(stage)?.until != nil, !Task.isCancelled { await Task.yield() }
        let after = try #require(try await kept(stage))
        #expect(after.secrets.previous.isEmpty)
        // The one that signs is the same.
        let current = [before, after].map { kept in
            kept.secrets.current.withBytes { span in span.indices.map { span[$0] } }
        }
        #expect(current[0] == current[1])
        if let second { try await stage.stop(second) } else { try await stage.stop() }
    }

    @Test("A key that the operator changes opens the secrets once more, and they are sealed anew")
    func sealedAnew() async throws {
        let stage = try await WebhookStage()
        let (id, _) = try await stage.make()
        let old = try #require(try await stage.disk.load(StoredWebhook.self, of: nil).first?.sealed?.key)
        let line = SealingKeys.makeLine()
        // The stage's own key can't be read back, so that another stage shows the change.
        let second = try await stage.next(sealing: .some(try SealingKeys(file: line)), TestTransport())
        #expect(try await stage.webhook(id, at: second).string("reason") == "secretNotKept")
        let kept = try #require(try await stage.disk.load(StoredWebhook.self, of: nil).first?.sealed?.key)
        #expect(kept == old, "what can't be opened now may be another time")
        try await stage.stop(second)
    }

    @Test("Webhooks of a key that was revoked meanwhile are gone, and others' are not")
    func revoked() async throws {
        let stage = try await WebhookStage()
        let other = try stage.keys.add("other")
        _ = try await stage.make()
        let made = await stage.harness.call(
            "POST", "/v1/webhooks", token: other, json: #"{"url":"https://other.example.com"}"#)
        #expect(made.status == 201)
        stage.store?.lose()
        try stage.keys.revoke("bot")
        let second = try await stage.next(TestTransport())
        #expect(second.gateway.webhooks.webhooks(of: nil).count == 1)
        while try await stage.disk.load(StoredWebhook.self, of: nil).count > 1 { await Task.yield() }
        #expect(try await stage.disk.load(StoredDelivery.self, of: nil).count == 1)
        try await stage.stop(second)
    }

    @Test("A disabled one stays so, and a deleted one is gone for good")
    func states() async throws {
        let stage = try await WebhookStage()
        let (off, gone) = (try await stage.make(), try await stage.make(url: "https://gone.example.com"))
        #expect(await stage.call("PATCH", "/\(off.id)", #"{"enabled":false,"types":["message.*"]}"#).status == 200)
        #expect(await stage.call("DELETE", "/\(gone.id)").status == 204)
        let second = try await stage.next(TestTransport())
        let list = await stage.call("GET", "", nil, second)
        #expect(try list.string("webhooks", "0", "id") == off.id)
        #expect(try list.string("webhooks", "0", "reason") == "byOwner")
        #expect(try list.string("webhooks", "0", "types", "0") == "message.*")
        #expect(list.value("webhooks", "1") == nil)
        try await stage.stop(second)
    }

    @Test("Rotated secrets sign together for a day, in the next process too, and stand nowhere in clear")
    func rotation() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        let (id, first) = try await stage.make()
        let rotated = try await stage.call("POST", "/\(id)/secret").string("secret")
        #expect(rotated != first)
        let transport = TestTransport()
        let second = try await stage.next(transport)
        try #require(second.gateway.registry.session(session.id)).hear(.ownDisplayName("One"))
        let sent = try await transport.attempt(1)
        let keys = try [rotated, first].map { try #require(WebhookSecret(text: $0)) }
        let stamp = try #require(sent.fields["webhook-timestamp"].flatMap { Int64($0) })
        #expect(
            sent.fields["webhook-signature"]
                == WebhookSignature.field(id: sent.id, timestamp: stamp, body: sent.body, secrets: keys))
        second.clock.advance(.seconds(24 * 3_600))
        // Whatever else the session's return tells may come in a body of its own.
        transport.answer { _ in .answered(status: 204) }
        transport.answer(sent)
        try #require(second.gateway.registry.session(session.id)).hear(.ownDisplayName("Two"))
        #expect(try await transport.sent.first { $0.names.contains("Two") }.signatures.count == 1)
        let stored = try await stage.disk.load(StoredWebhook.self, of: nil).map { $0.values }
        for secret in [first, rotated] {
            let bytes = try #require(Base64.decodeLeniently(secret.dropFirst(6).utf8))
            for value in stored.joined() {
                guard case .bytes(let column) = value else { continue }
                #expect(Data(column).range(of: Data(bytes)) == nil)
            }
        }
        try await stage.stop(second)
    }
}
