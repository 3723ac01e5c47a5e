import Locking
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What a start reads before it has all that it needs, and what it does only then.
@Suite(.timeLimit(.minutes(5))) struct TakingUpTests {
    @Test("What is taken up can be read, and nobody signs in and nothing is sent before that is said")
    func takingUp() async throws {
        let stage = try await WebhookStage()
        let session = try await stage.signIn()
        _ = try await stage.make()
        try await stage.tell(session, ["One"])
        _ = try await stage.attempt(1)
        try await stage.store?.flush()
        stage.store?.lose()
        let (store, transport, keys) = (ManualStore(on: stage.disk), TestTransport(), stage.keys.store)
        let keeper = StateKeeper(store: store, sealing: stage.sealing)
        let next = try stage.harness.successor(keeper) { configuration in
            configuration.keys = keys
            configuration.webhooks.makeTransport = { _, _ in transport }
        }
        store.writePromptly()
        try await next.gateway.takeUp()
        let taken = try #require(next.gateway.registry.session(session.id))
        let webhook = try #require(next.gateway.webhooks.webhooks(of: nil).first)
        #expect(taken.state.withLock { $0.client == nil })
        let path = "/v1/sessions/\(session.id)/events?after=oldest&wait=0&limit=500"
        var page = await next.call("GET", path, token: stage.bot)
        // That the session is away is told, and so has come to the webhook.
        while page.types.last != "session.state", !Task.isCancelled {
            page = await next.call("GET", path, token: stage.bot)
        }
        #expect(webhook.state.withLock { $0.task == nil })
        #expect(page.events.last?["data"]?["state"]?.text == "reconnecting")
        #expect(transport.sent.all.isEmpty)
        next.gateway.comeBack()
        #expect(taken.state.withLock { $0.client != nil })
        _ = try await transport.attempt(1)
        try await OpenedSession(next, (session.id, stage.bot)).reaches("online")
        try await stage.stop(next)
    }
}
