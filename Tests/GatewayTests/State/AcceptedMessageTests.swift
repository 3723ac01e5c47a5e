import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What is answered as accepted while it is written late or never, and what the next process says of it.
@Suite(.timeLimit(.minutes(5))) struct AcceptedMessageTests {
    /// Somebody at a server whose switchboard lets nobody in until the test says so, and a store that writes when it says so.
    private struct Stage {
        let disk = MemoryStore()
        let store: ManualStore
        let server: ScriptedServer
        let board: ScriptedServer
        let alice: ConversationStage

        init() async throws {
            var script = Script.switchboard
            script.answer("CAL", "CAL # RINGING 4711")
            board = try await ScriptedServer.start(script)
            server = try await ScriptedServer.start(.friendly(switchboard: board.address))
            store = ManualStore(on: disk)
            let harness = try GatewayHarness.with(
                server, { $0.conversationTimeouts.goodbye = .milliseconds(50) }, state: StateKeeper(store: store))
            store.writePromptly()
            alice = try await ConversationStage(harness, "alice@example.com")
            _ = await alice.call("GET", "/snapshot")
        }

        /// A message that the server has and that waits for its outcome, under a key.
        ///
        /// - Parameter isWritten: whether it is on the disk.
        func send(isWritten: Bool, prefer: String? = nil) async throws -> PendingCall {
            store.holdBack()
            let call = begin(at: alice.harness, prefer: prefer)
            // The key is written before anything is done, and nothing after that.
            while !store.isAwaited { await Task.yield() }
            store.write()
            try await board.received.first { $0.text.hasPrefix("CAL") }
            while try !session.hasPending { await Task.yield() }
            if isWritten { store.write() }
            return call
        }

        var session: Session { get throws { try #require(alice.harness.gateway.registry.session(alice.id)) } }

        func begin(at harness: GatewayHarness, prefer: String? = nil) -> PendingCall {
            var headers: HeaderFields = [("Idempotency-Key", "k")]
            if let prefer { headers.add("Prefer", prefer) }
            return harness.begin(
                "POST", alice.path + "/messages", token: alice.token,
                body: Array(#"{"to":"bob@example.com","text":"once"}"#.utf8), headers: headers)
        }

        /// The gateway is killed, and another one takes up what was written: what it says to the key, and tells of messages.
        func restart() async throws -> (again: TestAnswer, told: [String]) {
            store.lose()
            let later = ManualStore(on: disk)
            later.writePromptly()
            let next = try alice.harness.successor(StateKeeper(store: later))
            try await next.gateway.restore()
            try await later.flush()
            let again = await begin(at: next).answer()
            let page = await next.call(
                "GET", alice.path + "/events?after=oldest&wait=0&limit=500&types=message.*", token: alice.token)
            try #require(page.status == 200, "\(page.text)")
            try await next.stop()
            return (again, page.types)
        }

        func stop() async throws {
            store.writePromptly()
            try await alice.harness.stop()
            try await server.stop()
            try await board.stop()
        }
    }

    enum Way: String, CaseIterable, Sendable {
        case timeIsUp
        case atOnce = "respond-async"
        case stop
    }

    @Test(
        "A message that is not written is not answered as accepted, and its key says the same after a kill",
        arguments: Way.allCases)
    func unwritten(way: Way) async throws {
        let stage = try await Stage()
        let call = try await stage.send(isWritten: false, prefer: way == .atOnce ? way.rawValue : nil)
        if way != .stop {
            // The time of the message, where it has any: its answer waits to be written.
            if way == .timeIsUp { call.release() }
            while !stage.store.isAwaited { await Task.yield() }
            #expect(call.isParked)
        }
        // Nothing is written any more.
        call.release(way == .stop ? .shuttingDown : .timedOut)
        let answer = await call.answer()
        #expect(answer.status == 409)
        #expect(answer.code == "outcome-unknown")
        let (again, told) = try await stage.restart()
        #expect(again.code == "outcome-unknown")
        #expect(told.isEmpty)
        try await stage.stop()
    }

    @Test("A message whose time is up is answered as accepted once it is written, and has one outcome after a kill")
    func written() async throws {
        let stage = try await Stage()
        let call = try await stage.send(isWritten: false)
        call.release()
        while !stage.store.isAwaited { await Task.yield() }
        #expect(call.isParked)
        // Its key waits to be written, too.
        while call.isParked {
            stage.store.write()
            await Task.yield()
        }
        let accepted = await call.answer()
        #expect(accepted.status == 202)
        let (again, told) = try await stage.restart()
        #expect(again.status == 201)
        #expect(again.value("message", "id") == accepted.value("message", "id"))
        #expect(try again.string("message", "delivery") == "unconfirmed")
        #expect(told == ["message.sent", "message.unconfirmed"])
        try await stage.stop()
    }

    @Test("A message that is written is accepted when its time is up, whatever else waits to be written")
    func pending() async throws {
        let stage = try await Stage()
        let call = try await stage.send(isWritten: true)
        try stage.session.hear(.ownDisplayName("Zoe"))
        call.release()
        #expect(await call.answer().status == 202)
        let (again, told) = try await stage.restart()
        #expect(try again.string("message", "delivery") == "unconfirmed")
        #expect(told == ["message.sent", "message.unconfirmed"])
        try await stage.stop()
    }

    @Test("A message that is written and whose outcome is not is accepted as one that is under way")
    func unwrittenOutcome() async throws {
        let stage = try await Stage()
        let call = try await stage.send(isWritten: true)
        stage.board.say("JOI bob@example.com Bob")
        while try stage.session.hasPending { await Task.yield() }
        while !stage.store.isAwaited { await Task.yield() }
        #expect(call.isParked)
        call.release()
        let accepted = await call.answer()
        #expect(accepted.status == 202)
        #expect(try accepted.string("message", "delivery") == "pending")
        let (again, told) = try await stage.restart()
        #expect(try again.string("message", "delivery") == "unconfirmed")
        #expect(told == ["message.sent", "message.unconfirmed"])
        try await stage.stop()
    }
}

extension Session {
    /// Whether a message of it is under way.
    fileprivate var hasPending: Bool { state.withLock { !$0.record.conversations.messages.pending.isEmpty } }
}
