import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What a key brings that was answered 202 at first, and what while the state can't be written: what has become known since.
@Suite(.timeLimit(.minutes(5))) struct ReplayTests {
    /// A server with a switchboard where nobody comes until the test says so, and alice.
    private struct Stage {
        let keys: TestKeys
        let bot: String
        let disk = MemoryStore()
        let sealing: SealingKeys
        let store: ManualStore
        let board: ScriptedServer
        let server: ScriptedServer
        let first: GatewayHarness
        let id: String
        var path: String { "/v1/sessions/\(id)" }

        init() async throws {
            keys = try TestKeys()
            bot = try keys.add("bot")
            sealing = try SealingKeys(file: SealingKeys.makeLine())
            store = ManualStore(on: disk)
            var script = Script.switchboard
            script.answer("CAL", "CAL # RINGING 4711")
            board = try await ScriptedServer.start(script)
            server = try await ScriptedServer.start(.friendly(switchboard: board.address))
            let keys = keys.store
            first = try GatewayHarness.with(
                server, { $0.conversationTimeouts.goodbye = .milliseconds(50) },
                state: StateKeeper(store: store, sealing: sealing)
            ) { $0.keys = keys }
            store.writePromptly()
            id = try await first.signIn("alice@example.com", key: bot).id
        }

        /// The body of a call that sends.
        static func body(_ text: String) -> String { #"{"to":"bob@example.com","text":"\#(text)"}"# }

        /// What the first message's key brings at this very moment; nil where nothing is known.
        var kept: IdempotencyStore.Outcome? {
            get throws {
                let head = RequestHead(
                    method: "POST", path: path + "/messages", query: nil, headers: [("Idempotency-Key", "k")],
                    peer: PeerAddress(ip: "127.0.0.1"), contentLength: nil, hasBody: false)
                let scope = IdempotencyScope(try #require(try IdempotencyKey(head)), head, session: id)
                let digest = RequestDigest.of(Array(Self.body("hi").utf8))
                return switch first.gateway.metrics.idempotency.begin(scope, body: digest) {
                case .replay(let outcome), .unwritten(let outcome): outcome
                case .first, .inProgress, .mismatch, .full: nil
                }
            }
        }

        /// Alice's message under a key.
        func send(
            _ key: String = "k", text: String = "hi", prefer: String? = nil, at harness: GatewayHarness? = nil
        ) async -> TestAnswer {
            var headers: HeaderFields = [("Idempotency-Key", key)]
            if let prefer { headers.add("Prefer", prefer) }
            return await (harness ?? first).call(
                "POST", path + "/messages", token: bot, json: Self.body(text), headers: headers)
        }

        /// The same, answered before anybody knows what becomes of it, once it rings at bob's.
        func sendAndLeaveOpen() async throws -> TestAnswer {
            let answer = await send(prefer: "respond-async")
            try #require(answer.status == 202, "\(answer.text)")
            try await board.received.first { $0.text.hasPrefix("CAL") }
            return answer
        }

        /// Returns once the session has told that.
        func told(_ type: String) async throws {
            let page = await first.call("GET", path + "/events?after=oldest&types=\(type)", token: bot)
            try #require(page.types == [type], "\(page.text)")
        }

        /// Another gateway, with what was written.
        func next(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws -> GatewayHarness {
            store.lose()
            let store = ManualStore(on: disk)
            let keys = keys.store
            let harness = try first.successor(StateKeeper(store: store, sealing: sealing)) {
                $0.keys = keys
                change(&$0)
            }
            store.writePromptly()
            try await harness.gateway.restore()
            try await store.flush()
            return harness
        }

        func stop(_ harnesses: GatewayHarness...) async throws {
            for harness in harnesses { try await harness.stop() }
            store.become(.good)
            store.writePromptly()
            try await first.stop()
            try await server.stop()
            try await board.stop()
        }
    }

    @Test("Once the message has its outcome the key brings that, and no longer that it is under way")
    func settled() async throws {
        let stage = try await Stage()
        let first = try await stage.sendAndLeaveOpen()
        let early = await stage.send()
        #expect(early.status == 202)
        #expect(early.header("Idempotency-Replayed") == "true")
        stage.board.say("JOI bob@example.com Bob")
        try await stage.told("message.delivered")
        let late = await stage.send()
        #expect(late.status == 201)
        #expect(late.header("Idempotency-Replayed") == "true")
        #expect(late.header("Location") == first.header("Location"))
        #expect(try late.string("message", "delivery") == "delivered")
        #expect(await stage.send(text: "ho").code == "idempotency-mismatch")
        // So it does at the next process, and after the session's end there.
        let second = try await stage.next()
        #expect(await stage.send(at: second).text == late.text)
        try await stage.stop(second)
    }

    @Test("The key has the outcome before anybody can have seen it", arguments: [false, true])
    func seen(hasEnded: Bool) async throws {
        let stage = try await Stage()
        _ = try await stage.sendAndLeaveOpen()
        let session = try #require(stage.first.gateway.registry.session(stage.id))
        let id = OutgoingMessageID(rawValue: 1)
        let kept = Recorder<Result<IdempotencyStore.Outcome?, any Error>>()
        let conversation = try #require(
            session.state.withLock { state in
                // Whoever waits for a sign-in is told first of all, once the session shows what has happened.
                _ = state.waiters.add { _ in kept.record(Result { try stage.kept }) }
                return state.record.conversations.messages[id]?.conversation
            })
        if hasEnded {
            session.hear(.ended(.signedInElsewhere))
        } else {
            session.hear(.conversation(.settled(id, conversation, .delivered)))
        }
        let outcome = try #require(try kept.all.first?.get())
        switch outcome {
        case .success(let response): #expect(response.status == 201 && !hasEnded)
        case .failure(let problem): #expect(problem.code == .sessionEnded && hasEnded)
        }
        try await stage.stop()
    }

    @Test("A message that could not be delivered after all is that under its key, too")
    func failed() async throws {
        let stage = try await Stage()
        _ = try await stage.sendAndLeaveOpen()
        let session = try #require(stage.first.gateway.registry.session(stage.id))
        let id = OutgoingMessageID(rawValue: 1)
        let conversation = try #require(
            session.state.withLock { $0.record.conversations.messages[id]?.conversation })
        session.hear(.conversation(.settled(id, conversation, .failed(.notDelivered))))
        try await stage.told("message.failed")
        for _ in 1...2 {
            let replay = await stage.send()
            #expect(replay.code == "message-not-delivered")
            #expect(replay.header("Idempotency-Replayed") == "true")
        }
        let second = try await stage.next()
        #expect(await stage.send(at: second).code == "message-not-delivered")
        try await stage.stop(second)
    }

    @Test("A key whose message failed before anything of it went out is as good as new")
    func notSent() async throws {
        let stage = try await Stage()
        let first = try await stage.sendAndLeaveOpen()
        let session = try #require(stage.first.gateway.registry.session(stage.id))
        let id = OutgoingMessageID(rawValue: 1)
        let conversation = try #require(
            session.state.withLock { $0.record.conversations.messages[id]?.conversation })
        session.hear(.conversation(.settled(id, conversation, .failed(.contactOffline(217)))))
        try await stage.told("message.failed")
        let again = await stage.send(prefer: "respond-async")
        #expect(again.status == 202)
        #expect(again.header("Idempotency-Replayed") == nil)
        #expect(again.header("Location") != first.header("Location"))
        try await stage.stop()
    }

    @Test("A message that was on its way when the process was killed is unconfirmed under its key, for good")
    func killed() async throws {
        let stage = try await Stage()
        _ = try await stage.sendAndLeaveOpen()
        let second = try await stage.next()
        let replay = await stage.send(at: second)
        #expect(replay.status == 201)
        #expect(replay.header("Idempotency-Replayed") == "true")
        #expect(try replay.string("message", "delivery") == "unconfirmed")
        #expect(stage.board.received.all.filter { $0.text.hasPrefix("MSG") }.isEmpty, "nothing is sent again")
        try await stage.stop(second)
    }

    @Test("The same where its session can't come back, as its backend is gone")
    func killedForGood() async throws {
        let stage = try await Stage()
        _ = try await stage.sendAndLeaveOpen()
        let second = try await stage.next { $0.backends[0].name = "another" }
        for _ in 1...2 {
            let replay = await stage.send(at: second)
            #expect(replay.status == 201, "\(replay.text)")
            #expect(try replay.string("message", "delivery") == "unconfirmed")
        }
        try await stage.stop(second)
    }

    @Test("A key that is finished is answered while nothing can be written, and another one begins nothing")
    func heldUp() async throws {
        let stage = try await Stage()
        _ = try await stage.sendAndLeaveOpen()
        stage.board.say("JOI bob@example.com Bob")
        try await stage.told("message.delivered")
        let known = await stage.send()
        try #require(known.status == 201)
        try await stage.store.flush()
        // What happens meanwhile is not in its way.
        stage.store.holdBack()
        stage.store.become(.failing("the disk is full"))
        try #require(stage.first.gateway.registry.session(stage.id)).hear(.ownDisplayName("Unwritten"))
        let replay = await stage.send()
        #expect(replay.status == 201)
        #expect(replay.text == known.text)
        #expect(replay.header("Idempotency-Replayed") == "true")
        #expect(await stage.send(text: "ho").code == "idempotency-mismatch")
        let sent = stage.board.received.all.count
        let other = await stage.send("another")
        #expect(other.code == "state-unavailable")
        #expect(other.header("Retry-After") != nil)
        #expect(stage.board.received.all.count == sent)
        // It was not begun, and its key is as good as before.
        stage.store.become(.good)
        stage.store.writePromptly()
        #expect(await stage.send("another").status == 201)
        try await stage.stop()
    }

    @Test("An answer that is not written is not given under its key either")
    func unwritten() async throws {
        let stage = try await Stage()
        _ = try await stage.sendAndLeaveOpen()
        try await stage.store.flush()
        while await stage.send().status != 202 { await Task.yield() }
        stage.store.holdBack()
        let session = try #require(stage.first.gateway.registry.session(stage.id))
        stage.board.say("JOI bob@example.com Bob")
        while !session.hasUnwritten(.messages) { await Task.yield() }
        // Handed in with the outcome's event, and told once that is written.
        let waiting = stage.first.begin(
            "POST", stage.path + "/messages", token: stage.bot,
            body: Array(#"{"to":"bob@example.com","text":"hi"}"#.utf8), headers: [("Idempotency-Key", "k")])
        stage.store.become(.failing("the disk is full"))
        #expect(await stage.send().code == "state-unavailable")
        #expect(waiting.isParked)
        stage.store.become(.good)
        stage.store.writePromptly()
        #expect(try await waiting.answer().string("message", "delivery") == "delivered")
        try await stage.stop()
    }
}
