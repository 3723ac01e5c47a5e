import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What readers are told, and callers answered, only once it is written.
@Suite(.timeLimit(.minutes(5))) struct WrittenFirstTests {
    /// A gateway whose store writes when the test says so, with somebody signed in.
    private struct Stage {
        let store = ManualStore()
        let harness: GatewayHarness
        let alice: (id: String, token: String)
        var path: String { "/v1/sessions/\(alice.id)" }

        init() async throws {
            harness = try await GatewayHarness.withSandbox(state: StateKeeper(store: store))
            store.writePromptly()
            alice = try await harness.signIn("alice@example.com")
            // All of the sign-in is written, and nothing more happens by itself.
            try await harness.settle(alice.id, token: alice.token)
            store.holdBack()
        }

        func session() throws -> Session { try #require(harness.gateway.registry.session(alice.id)) }

        /// Something happens that nobody has asked for.
        func happen(_ name: String) throws { try session().hear(.ownDisplayName(name)) }

        func writeUntilAnswered(_ call: PendingCall) async {
            while call.isParked {
                store.write()
                await Task.yield()
            }
        }

        func stop() async throws {
            store.writePromptly()
            try await harness.stop()
        }
    }

    @Test("A poll waits until the event is written, and next and now are not beyond that")
    func poll() async throws {
        let stage = try await Stage()
        let now = try await stage.harness.call("GET", stage.path + "/events?after=now&wait=0", token: stage.alice.token)
            .string("next")
        try stage.happen("One")
        let poll = stage.harness.begin("GET", stage.path + "/events?after=\(now)", token: stage.alice.token)
        #expect(poll.isParked)
        let unseen = await stage.harness.call(
            "GET", stage.path + "/events?after=now&wait=0", token: stage.alice.token)
        #expect(try unseen.string("next") == now)
        #expect(unseen.events.isEmpty)
        stage.store.write()
        #expect(await poll.answer().types == ["session.updated"])
        try await stage.stop()
    }

    @Test("A cursor of an event that is not written was given to nobody")
    func cursor() async throws {
        let stage = try await Stage()
        let session = try stage.session()
        try stage.happen("One")
        let ahead = session.state.withLock { $0.record.journal.cursor.text }
        let early = await stage.harness.call(
            "GET", stage.path + "/events?after=\(ahead)&wait=0", token: stage.alice.token)
        #expect(early.code == "cursor-expired")
        stage.store.write()
        let late = await stage.harness.call(
            "GET", stage.path + "/events?after=\(ahead)&wait=0", token: stage.alice.token)
        #expect(late.status == 200)
        try await stage.stop()
    }

    @Test("A look at the session waits for its own cursor, and one at what is all written does not")
    func snapshot() async throws {
        let stage = try await Stage()
        #expect(await stage.harness.call("GET", stage.path, token: stage.alice.token).status == 200)
        try stage.happen("One")
        // Of contacts and conversations the event tells nothing.
        for look in ["/contacts", "/conversations", "/privacy"] {
            #expect(await stage.harness.call("GET", stage.path + look, token: stage.alice.token).status == 200)
        }
        let looks = ["", "/snapshot", "/profile"].map { look in
            stage.harness.begin("GET", stage.path + look, token: stage.alice.token)
        }
        // What is written for one of them is written for all.
        for look in looks { #expect(look.isParked) }
        for look in looks { await stage.writeUntilAnswered(look) }
        for look in looks { #expect(await look.answer().status != 503) }
        let cursor = try await stage.harness.call("GET", stage.path, token: stage.alice.token).string("cursor")
        try stage.happen("Two")
        let poll = stage.harness.begin("GET", stage.path + "/events?after=\(cursor)", token: stage.alice.token)
        stage.store.write()
        let events = await poll.answer().events
        #expect(events.map { $0["data"]?["displayName"]?.text } == ["Two"])
        try await stage.stop()
    }

    @Test("What a named reader has said that it has is written before it hears more")
    func consumer() async throws {
        let stage = try await Stage()
        try stage.happen("One")
        stage.store.write()
        let all = try await stage.harness.call(
            "GET", stage.path + "/events?after=oldest&wait=0", token: stage.alice.token
        ).string("next")
        let first = "\(try #require(Cursor(parsing: all)).epoch).1"
        for query in ["&wait=0", "&wait=30&after=\(first)", "&wait=0&after=\(all)"] {
            let poll = stage.harness.begin(
                "GET", stage.path + "/events?consumer=bot" + query, token: stage.alice.token)
            #expect(poll.isParked, "\(query)")
            await stage.writeUntilAnswered(poll)
            #expect(await poll.answer().status == 200)
        }
        let stored = try await stage.store.load(StoredConsumer.self, of: SessionID(stage.alice.id))
        #expect(stored.map(\.seq) == [try #require(Cursor(parsing: all)).sequence])
        // It stands there already, or only looks: there is nothing to write.
        for query in ["", "&after=\(all)"] {
            let again = await stage.harness.call(
                "GET", stage.path + "/events?wait=0&consumer=bot" + query, token: stage.alice.token)
            #expect(again.status == 200)
        }
        try await stage.stop()
    }

    @Test("A named reader whose place can't be written hears nothing of it, and comes to the same place")
    func unwrittenConsumer() async throws {
        let stage = try await Stage()
        let now = try await stage.harness.call("GET", stage.path + "/events?after=now&wait=0", token: stage.alice.token)
            .string("next")
        let path = stage.path + "/events?consumer=bot&wait=0&after="
        let poll = stage.harness.begin("GET", path + now, token: stage.alice.token)
        #expect(poll.isParked)
        poll.release()
        #expect(await poll.answer().code == "state-unavailable")
        // Nobody has heard that it is written, so that the next call with the same place waits too.
        let again = stage.harness.begin("GET", path + now, token: stage.alice.token)
        #expect(again.isParked)
        await stage.writeUntilAnswered(again)
        #expect(await again.answer().status == 200)
        stage.store.become(.failing("the disk is full"))
        #expect(await stage.harness.call("GET", path + now, token: stage.alice.token).status == 200)
        let other = await stage.harness.call(
            "GET", stage.path + "/events?consumer=other&wait=0", token: stage.alice.token)
        #expect(other.code == "state-unavailable")
        #expect(other.header("Retry-After") != nil)
        stage.store.become(.good)
        try await stage.stop()
    }

    @Test("A stream of a named reader begins when its place is written")
    func consumerStream() async throws {
        let stage = try await Stage()
        let stream = try await stage.harness.begin(
            "GET", stage.path + "/stream?consumer=bot&after=oldest", token: stage.alice.token
        ).stream()
        #expect(stream.items.all.isEmpty)
        while stream.items.all.isEmpty {
            stage.store.write()
            await Task.yield()
        }
        _ = try await stream.event { $0.type == "session.state" }
        stream.leave()
        try await stage.stop()
    }

    @Test(
        "A cursor of a key's first feed is told once the next process would know it",
        arguments: ["", "&after=f.abcdefgh.7"])
    func firstCursor(query: String) async throws {
        let stage = try await RestartStage()
        let other = try stage.keys.add("other")
        stage.store.holdBack()
        let poll = stage.first.begin("GET", "/v1/events?wait=0" + query, token: other)
        #expect(poll.isParked)
        while poll.isParked {
            stage.store.write()
            await Task.yield()
        }
        let answer = await poll.answer()
        #expect(answer.status == (query.isEmpty ? 200 : 410))
        let cursor = try answer.string(query.isEmpty ? "next" : "oldest")
        stage.kill()
        let next = try await stage.next(sealing: stage.sealing)
        #expect(await next.call("GET", "/v1/events?wait=0&after=\(cursor)", token: other).status == 200)
        try await stage.stop(next)
    }

    @Test("A stream of a key's first feed tells no cursor before that either")
    func firstCursorOfStream() async throws {
        let stage = try await RestartStage()
        let other = try stage.keys.add("other")
        stage.store.holdBack()
        let stream = try await stage.first.begin("GET", "/v1/stream?after=f.abcdefgh.7", token: other).stream()
        #expect(stream.items.all.isEmpty)
        while stream.items.all.isEmpty {
            stage.store.write()
            await Task.yield()
        }
        #expect(stream.events.map(\.type) == ["gap"])
        stream.leave()
        try await stage.stop()
    }

    @Test("While nothing can be written a first feed has no cursor, and one that is written is read")
    func firstFeedWhileFailing() async throws {
        let stage = try await RestartStage()
        let other = try stage.keys.add("other")
        // The bot's feed was written with its session; whoever has read it knows that the feed has heard of it.
        #expect(await stage.first.call("GET", "/v1/events?wait=0", token: stage.bot).status == 200)
        stage.store.become(.failing("the disk is full"))
        let refused = await stage.first.call("GET", "/v1/events?wait=0", token: other)
        #expect(refused.code == "state-unavailable")
        #expect(refused.header("Retry-After") != nil)
        #expect(await stage.first.call("GET", "/v1/events?wait=0", token: stage.bot).status == 200)
        stage.store.become(.good)
        try await stage.store.flush()
        #expect(await stage.first.call("GET", "/v1/events?wait=0", token: other).status == 200)
        try await stage.stop()
    }

    @Test("A feed that nobody has read hears by itself that it is written")
    func feedByItself() async throws {
        let stage = try await RestartStage()
        let feed = stage.first.gateway.registry.feed(of: try stage.session(at: stage.first).owner)
        while feed.isUnwritten { await Task.yield() }
        stage.store.become(.failing("the disk is full"))
        #expect(await stage.first.call("GET", "/v1/events?wait=0", token: stage.bot).status == 200)
        stage.store.become(.good)
        try await stage.stop()
    }

    @Test("A call that changed something is answered when that is written")
    func change() async throws {
        let stage = try await Stage()
        let call = stage.harness.begin(
            "PATCH", stage.path, token: stage.alice.token, body: Array(#"{"displayName":"Zoe"}"#.utf8))
        // Done at the server, and not written.
        while try stage.session().resource.displayName != "Zoe" { await Task.yield() }
        #expect(call.isParked)
        await stage.writeUntilAnswered(call)
        #expect(try await call.answer().string("displayName") == "Zoe")
        try await stage.stop()
    }

    @Test("What a call did that can't be written is not known when its time is up")
    func neverWritten() async throws {
        let stage = try await Stage()
        let call = stage.harness.begin(
            "PATCH", stage.path, token: stage.alice.token, body: Array(#"{"displayName":"Zoe"}"#.utf8))
        while try stage.session().resource.displayName != "Zoe" { await Task.yield() }
        // Once its answer is there, which is kept back.
        while !stage.store.isAwaited { await Task.yield() }
        call.release()
        let answer = await call.answer()
        #expect(answer.status == 409)
        #expect(answer.code == "outcome-unknown")
        try await stage.stop()
    }

    @Test("While nothing can be written nothing is sent, readiness says so, and events are read")
    func failing() async throws {
        let stage = try await Stage()
        stage.store.become(.failing("the disk is full"))
        let call = await stage.harness.call(
            "PUT", stage.path + "/presence", token: stage.alice.token, json: #"{"status":"busy"}"#)
        #expect(call.status == 503)
        #expect(call.code == "state-unavailable")
        #expect(call.header("Retry-After") != nil)
        #expect(await stage.harness.call("GET", "/readyz").code == "state-unavailable")
        #expect(
            await stage.harness.call("GET", stage.path + "/events?after=oldest&wait=0", token: stage.alice.token)
                .types.first == "session.state")
        stage.store.become(.good)
        #expect(await stage.harness.call("GET", "/readyz").status == 200)
        try await stage.stop()
    }
}
