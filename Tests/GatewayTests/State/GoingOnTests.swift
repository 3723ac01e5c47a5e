import HTTPFront
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What callers hold of a session is as good at the next process as it was at the one that was killed.
@Suite(.timeLimit(.minutes(5))) struct GoingOnTests {
    /// A server that outlives the gateways, with alice and bob signed in at the first of them.
    private struct World {
        let keys: TestKeys
        let bot: String
        let disk = MemoryStore()
        let sealing: SealingKeys
        let first: GatewayHarness
        let store: ManualStore
        let alice: (id: String, token: String)
        let bob: (id: String, token: String)
        var path: String { "/v1/sessions/\(alice.id)" }

        init() async throws {
            keys = try TestKeys()
            bot = try keys.add("bot")
            sealing = try SealingKeys(file: SealingKeys.makeLine())
            store = ManualStore(on: disk)
            let keys = keys.store
            first = try await GatewayHarness.withSandbox(state: StateKeeper(store: store, sealing: sealing)) {
                $0.keys = keys
            }
            store.writePromptly()
            alice = try await first.signIn("alice@example.com", key: bot)
            bob = try await first.signIn("bob@example.com", key: bot)
        }

        /// The first process is killed when all that it has shown is written; the next has read all of it.
        func next() async throws -> GatewayHarness {
            _ = await first.call("GET", "\(path)/snapshot", token: alice.token)
            store.lose()
            let store = ManualStore(on: disk)
            let keys = keys.store
            let harness = try first.successor(StateKeeper(store: store, sealing: sealing)) { $0.keys = keys }
            store.writePromptly()
            try await harness.gateway.restore()
            return harness
        }

        /// Both are online again.
        func settle(_ harness: GatewayHarness) async throws {
            for session in [alice, bob] {
                while true {
                    let now = await harness.call("GET", "/v1/sessions/\(session.id)", token: session.token)
                    try #require(now.status == 200, "\(now.text)")
                    if try now.string("state") == "online" { break }
                    await Task.yield()
                }
            }
        }

        /// Alice's message under the key `k`, which gets no further than the store: that writes nothing any more.
        func sendAsFarAsTheStore(_ body: String) async -> PendingCall {
            store.holdBack()
            let call = first.begin(
                "POST", path + "/messages", token: alice.token, body: Array(body.utf8),
                headers: [("Idempotency-Key", "k")])
            while !store.isAwaited { await Task.yield() }
            return call
        }

        /// The texts that bob has received, once all that alice has sent so far has come, and after it `last`.
        func received(at harness: GatewayHarness, last: String) async throws -> [String] {
            let sent = await harness.call(
                "POST", "\(path)/messages", token: alice.token, json: #"{"to":"bob@example.com","text":"\#(last)"}"#)
            try #require(sent.status == 201, "\(sent.text)")
            while true {
                let page = await harness.call(
                    "GET", "/v1/sessions/\(bob.id)/events?after=oldest&wait=0&types=message.received&limit=500",
                    token: bob.token)
                let texts = page.events.compactMap { $0["data"]?["text"]?.text }
                if texts.last == last { return texts.dropLast() }
                await Task.yield()
            }
        }

        func stop(_ second: GatewayHarness) async throws {
            try await second.stop()
            store.writePromptly()
            try await first.stop()
        }
    }

    /// The contacts without what changes by itself.
    private func contacts(_ harness: GatewayHarness, _ world: World) async -> [[String: JSONValue]] {
        let answer = await harness.call("GET", world.path + "/contacts", token: world.alice.token)
        guard case .array(let contacts) = answer.value("contacts") else { return [] }
        return contacts.compactMap(\.members).map { $0.filter { $0.key != "status" } }
    }

    @Test("Contacts, conversations, messages and the tokens that open them are the same, and lists are no news")
    func resources() async throws {
        let world = try await World()
        let sent = await world.first.call(
            "POST", world.path + "/messages", token: world.alice.token,
            json: #"{"to":"bob@example.com","text":"hi","clientRef":"mine"}"#)
        try #require(sent.status == 201, "\(sent.text)")
        let message = try sent.string("message", "id")
        let looks = ["/conversations", "/messages/\(message)", "/privacy", "/phones"]
        var before: [String] = []
        for look in looks {
            before.append(await world.first.call("GET", world.path + look, token: world.alice.token).text)
        }
        let contacts = await contacts(world.first, world)
        #expect(!contacts.isEmpty)
        let cursor = try await world.first.call("GET", world.path, token: world.alice.token).string("cursor")
        let second = try await world.next()
        for (look, text) in zip(looks, before) {
            #expect(await second.call("GET", world.path + look, token: world.alice.token).text == text)
        }
        #expect(await self.contacts(second, world) == contacts)
        try await world.settle(second)
        #expect(await self.contacts(second, world) == contacts)
        let again = await second.call(
            "POST", world.path + "/messages", token: world.alice.token, json: #"{"to":"bob@example.com","text":"ho"}"#)
        try #require(again.status == 201, "\(again.text)")
        #expect(
            try again.string("message", "conversationId") == sent.string("message", "conversationId"),
            "the conversation goes on")
        #expect(try again.string("message", "id") != message)
        let news = await second.call(
            "GET", world.path + "/events?after=\(cursor)&wait=0&limit=500", token: world.alice.token)
        #expect(!news.types.contains { $0.hasPrefix("contact.") || $0.hasPrefix("conversation.") })
        try await world.stop(second)
    }

    @Test("A key whose message was sent is answered as before, and nothing is sent again")
    func replayed() async throws {
        let world = try await World()
        let body = #"{"to":"bob@example.com","text":"once"}"#
        let first = await world.first.call(
            "POST", world.path + "/messages", token: world.alice.token, json: body, headers: [("Idempotency-Key", "k")])
        try #require(first.status == 201, "\(first.text)")
        #expect(try await world.received(at: world.first, last: "before") == ["once"])
        let second = try await world.next()
        let replay = await second.call(
            "POST", world.path + "/messages", token: world.alice.token, json: body, headers: [("Idempotency-Key", "k")])
        #expect(replay.status == 201)
        #expect(replay.text == first.text)
        #expect(replay.header("Idempotency-Replayed") == "true")
        try await world.settle(second)
        #expect(try await world.received(at: second, last: "after") == ["once", "before"])
        try await world.stop(second)
    }

    @Test("A key whose message got no further than the store is not known, and is not sent by asking again")
    func unknown() async throws {
        let world = try await World()
        let body = #"{"to":"bob@example.com","text":"perhaps"}"#
        let call = await world.sendAsFarAsTheStore(body)
        #expect(call.isParked)
        // The call is written, and the process ends before it hears of that.
        world.store.writeAndLose()
        let second = try await world.next()
        let again = await second.call(
            "POST", world.path + "/messages", token: world.alice.token, json: body, headers: [("Idempotency-Key", "k")])
        #expect(again.status == 409)
        #expect(again.code == "outcome-unknown")
        try await world.stop(second)
    }

    @Test("A message that waits for the store when the process stops is sent once, by asking again")
    func stopped() async throws {
        let world = try await World()
        let body = #"{"to":"bob@example.com","text":"once"}"#
        let call = await world.sendAsFarAsTheStore(body)
        let session = try #require(world.first.gateway.registry.session(world.alice.id))
        // The first step of a stop: the server is still there, and nobody hears any more what comes of it.
        session.change { $0.suspend(at: world.first.clock.clock.now, uptime: world.first.clock.clock.uptime()) }
        world.store.writePromptly()
        let answer = await call.answer()
        #expect(answer.code == "reconnecting", "\(answer.text)")
        // This goes a longer way than what was not sent.
        let back = await world.first.call(
            "POST", "/v1/sessions/\(world.bob.id)/messages", token: world.bob.token,
            json: #"{"to":"alice@example.com","text":"where are you?"}"#)
        try #require(back.status == 201, "\(back.text)")
        let second = try await world.next()
        try await world.settle(second)
        let again = await second.call(
            "POST", world.path + "/messages", token: world.alice.token, json: body, headers: [("Idempotency-Key", "k")])
        #expect(again.status == 201, "\(again.text)")
        #expect(try await world.received(at: second, last: "after") == ["once"])
        try await world.stop(second)
    }

    @Test("Whoever leaves a conversation as the process stops, or before it has come back, is told that it is not left")
    func leaving() async throws {
        let world = try await World()
        let sent = await world.first.call(
            "POST", world.path + "/messages", token: world.alice.token, json: #"{"to":"bob@example.com","text":"hi"}"#)
        let conversation = try world.path + "/conversations/" + sent.string("message", "conversationId")
        let session = try #require(world.first.gateway.registry.session(world.alice.id))
        session.change { $0.suspend(at: world.first.clock.clock.now, uptime: world.first.clock.clock.uptime()) }
        let late = await world.first.call("DELETE", conversation, token: world.alice.token)
        #expect(late.code == "reconnecting", "\(late.text)")
        #expect(late.header("Retry-After") != nil)
        try await world.store.flush()
        world.store.lose()
        let store = ManualStore(on: world.disk)
        let keys = world.keys.store
        let second = try world.first.successor(StateKeeper(store: store, sealing: world.sealing)) { $0.keys = keys }
        store.writePromptly()
        try await second.gateway.takeUp()
        #expect(await second.call("GET", conversation, token: world.alice.token).status == 200)
        let early = await second.call("DELETE", conversation, token: world.alice.token)
        #expect(early.code == "reconnecting", "\(early.text)")
        second.gateway.comeBack()
        try await world.settle(second)
        for _ in 1...2 {
            #expect(await second.call("DELETE", conversation, token: world.alice.token).status == 204)
            #expect(await second.call("GET", conversation, token: world.alice.token).status == 404)
        }
        try await world.stop(second)
    }

    @Test("A page has an ID that no page of a process before has")
    func pages() async throws {
        let world = try await World()
        let draft = #"{"to":"echo@example.com","text":"call me"}"#
        let page = await world.first.call("POST", world.path + "/pages", token: world.alice.token, json: draft)
        try #require(page.status == 202, "\(page.text)")
        let second = try await world.next()
        try await world.settle(second)
        let next = await second.call("POST", world.path + "/pages", token: world.alice.token, json: draft)
        try #require(next.status == 202, "\(next.text)")
        #expect(try next.string("page", "id") != page.string("page", "id"))
        try await world.stop(second)
    }

    @Test("A named reader goes on where it was, of a session and of a feed")
    func consumers() async throws {
        let world = try await World()
        var places: [String] = []
        let sources = [world.path + "/events", "/v1/events"]
        for source in sources {
            let page = await world.first.call("GET", source + "?consumer=r&wait=0&limit=3", token: world.bot)
            let place = try page.string("next")
            let next = await world.first.call(
                "GET", source + "?consumer=r&after=\(place)&wait=0&limit=1", token: world.bot)
            #expect(next.status == 200)
            places.append(try #require(next.events.first?["id"]?.text))
        }
        let second = try await world.next()
        for (source, place) in zip(sources, places) {
            let page = await second.call("GET", source + "?consumer=r&wait=0&limit=1", token: world.bot)
            #expect(page.events.first?["id"]?.text == place)
        }
        try await world.stop(second)
    }
}
