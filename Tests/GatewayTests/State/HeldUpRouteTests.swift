import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What each route does while the state can't be written: a look answers at once, with what is written or with 503, and what
/// asks a server is 503 before anything is sent; and when there is room again nothing was lost or told twice.
@Suite(.timeLimit(.minutes(5))) struct HeldUpRouteTests {
    /// A gateway with a bot's sessions of two people who have talked, all of which is written.
    private struct Stage {
        let store = ManualStore()
        let harness: GatewayHarness
        let bot: String
        let alice: OpenedSession
        let names: [String: String]
        let trace: TestStream

        /// No answer waits for less than an hour: whoever waits for a commit at all is noticed.
        init() async throws {
            let keys = try TestKeys()
            bot = try keys.add("bot", [.admin])
            harness = try await GatewayHarness.withSandbox(
                state: StateKeeper(store: store, patience: .seconds(3_600), briefPatience: .seconds(3_600))
            ) { $0.keys = keys.store }
            store.writePromptly()
            alice = OpenedSession(harness, try await harness.signIn("alice@example.com", key: bot))
            let bob = OpenedSession(harness, try await harness.signIn("bob@example.com", key: bot))
            let sent = await alice.call("POST", "/messages", #"{"to":"bob@example.com","text":"before"}"#)
            try #require(sent.status == 201, "\(sent.text)")
            names = [
                "{cid}": try sent.string("message", "conversationId"), "{mid}": try sent.string("message", "id"),
            ]
            // All of it has come to him, too.
            try #require(await bob.get("/events?after=oldest&types=message.received").events.count == 1)
            try await alice.fence()
            trace = try await harness.begin("GET", alice.path + "/trace", token: bot).stream()
            try await store.flush()
            // The feed hears of it by a task of its own; whoever has read it knows that it has.
            try #require(await harness.call("GET", "/v1/events?wait=0", token: bot).status == 200)
        }

        var session: Session { get throws { try #require(harness.gateway.registry.session(alice.id)) } }

        /// What went out to servers.
        var sent: Int { trace.events.count { $0.type == "sent" } }

        /// All events so far, as bytes of each.
        func events() async throws -> [String] {
            let page = await alice.get("/events?after=oldest&wait=0&limit=500")
            try #require(page.status == 200, "\(page.text)")
            return page.events.map { event in
                let number = if case .number(let number)? = event["seq"] { Int(number) } else { 0 }
                return "\(number) \(event["type"]?.text ?? "")"
            }
        }

        /// The attempts with a route that ends the session last.
        func attempts() -> [RouteAttempt] {
            let all = RouteAttempt.all(harness.gateway.router, names)
            return all.filter { !$0.endsSession } + all.filter(\.endsSession)
        }

        func call(_ attempt: RouteAttempt) async -> TestAnswer {
            let query = attempt.template.hasSuffix("/events") ? "?wait=0&after=now" : ""
            let call = harness.begin(
                attempt.method, attempt.path(alice.id) + query, token: bot, body: attempt.json.map { Array($0.utf8) })
            guard attempt.endpoint.produces == ["text/event-stream"] else { return await call.answer() }
            defer { call.close() }
            return await call.answer()
        }

        func stop() async throws {
            trace.leave()
            store.become(.good)
            store.writePromptly()
            try await harness.stop()
        }
    }

    /// What a session knows and nobody may be told yet, of each kind.
    private static func happenUnwritten(to session: Session) {
        session.hear(.ownDisplayName("Unwritten"))
        session.hear(.presence(.away, handle: "echo@example.com", name: "Unwritten"))
        let member = ListMember(handle: "x@x.org", name: "Unwritten")
        session.hear(.conversation(.joined(ConversationID(rawValue: 1), member)))
        session.hear(.ownPresence(.busy, forced: false))
        session.hear(.privacy(.block))
    }

    @Test("By what is said of a route everything asks the server that is no look, and some looks do")
    func description() async throws {
        let stage = try await Stage()
        for attempt in stage.attempts() where attempt.method != "HEAD" {
            let isLook = attempt.method == "GET" && !attempt.template.hasSuffix("/services/{name}")
            let isOperators = attempt.template == "/v1/sandbox/faults"
            #expect(attempt.endpoint.asksServer == (!isLook && !isOperators), "\(attempt)")
        }
        try await stage.stop()
    }

    @Test("While nothing has happened that is not written each look answers as before, and nothing that acts begins")
    func quiet() async throws {
        let stage = try await Stage()
        var before: [String: TestAnswer] = [:]
        for attempt in stage.attempts() where attempt.isLook { before["\(attempt)"] = await stage.call(attempt) }
        let (sent, told) = (stage.sent, try await stage.events())
        stage.store.become(.failing("the disk is full"))
        for attempt in stage.attempts() where !attempt.isReadiness {
            let answer = await stage.call(attempt)
            if attempt.isLook {
                let known = try #require(before["\(attempt)"])
                #expect(answer.status == known.status, "\(attempt)")
                if attempt.template.contains("/sessions") { #expect(answer.text == known.text, "\(attempt)") }
            } else if attempt.endpoint.asksServer {
                #expect(attempt.isRefused(answer), "\(attempt): \(answer.text)")
            }
        }
        #expect(stage.sent == sent)
        #expect(try await stage.events() == told)
        try await stage.stop()
    }

    @Test("A look never shows what is not written, and says at once when it has nothing else to show")
    func unwritten() async throws {
        let stage = try await Stage()
        let (sent, told) = (stage.sent, try await stage.events())
        let cursor = try await stage.alice.cursor()
        stage.store.holdBack()
        stage.store.become(.failing("the disk is full"))
        Self.happenUnwritten(to: try stage.session)
        var refused: Set<String> = []
        for attempt in stage.attempts() {
            let answer = await stage.call(attempt)
            #expect(!answer.text.contains("Unwritten"), "\(attempt): \(answer.text)")
            let hasCursor = answer.text.contains(#""cursor""#)
            #expect(!hasCursor || answer.text.contains(#""cursor":"\#(cursor)""#), "\(attempt)")
            if answer.code == "state-unavailable" || answer.status == 503 {
                #expect(attempt.isRefused(answer), "\(attempt): \(answer.text)")
                if attempt.isLook { refused.insert(attempt.template) }
            } else {
                #expect(!attempt.endpoint.asksServer, "\(attempt): \(answer.text)")
            }
        }
        let session = "/v1/sessions/{sid}"
        #expect(
            refused == [
                "/readyz", "/v1/sessions", session, session + "/snapshot", session + "/presence",
                session + "/profile", session + "/privacy", session + "/contacts", session + "/contacts/{account}",
                session + "/conversations", session + "/conversations/{cid}",
            ])
        #expect(stage.sent == sent)
        #expect(try await stage.events() == told)
        // A poll waits, and is told that there is nothing.
        let poll = stage.harness.begin("GET", stage.alice.path + "/events?wait=30&after=\(cursor)", token: stage.bot)
        #expect(poll.isParked)
        poll.release()
        let page = await poll.answer()
        #expect(page.status == 200)
        #expect(page.events.isEmpty)
        #expect(try page.string("next") == cursor)

        // When there is room again all is told, once, and everything works.
        stage.store.become(.good)
        stage.store.writePromptly()
        try await stage.store.flush()
        let all = try await stage.events()
        #expect(all.starts(with: told))
        #expect(
            all.dropFirst(told.count).map { $0.drop { $0 != " " } } == [
                " session.updated", " contact.updated", " presence.changed", " participant.joined", " presence.own",
                " privacy.changed",
            ])
        #expect(all.map { $0.prefix { $0 != " " } } == (1...all.count).map { "\($0)" })
        for attempt in stage.attempts() where !attempt.isReadiness {
            let answer = await stage.call(attempt)
            #expect(answer.code != "state-unavailable", "\(attempt): \(answer.text)")
        }
        #expect(stage.sent > sent)
        try await stage.stop()
    }

    @Test("What is not written of one thing is in nobody's way who looks at another, and no cursor is beyond what is")
    func otherFacts() async throws {
        let stage = try await Stage()
        let cursor = try await stage.alice.cursor()
        stage.store.holdBack()
        stage.store.become(.failing("the disk is full"))
        try stage.session.hear(.presence(.away, handle: "echo@example.com", name: "Unwritten"))
        #expect(try await stage.alice.cursor() == cursor)
        for look in ["/presence", "/privacy", "/messages/\(try #require(stage.names["{mid}"]))"] {
            #expect(await stage.alice.get(look).status == 200, "\(look)")
        }
        let list = await stage.harness.call("GET", "/v1/sessions", token: stage.bot)
        #expect(list.status == 200)
        #expect(await stage.alice.get("/contacts").code == "state-unavailable")
        // Whoever goes on from that cursor is told of it.
        stage.store.become(.good)
        stage.store.writePromptly()
        try await stage.store.flush()
        #expect(try await stage.alice.cursor() != cursor)
        #expect(await stage.alice.get("/events?wait=0&after=\(cursor)").text.contains("Unwritten"))
        try await stage.stop()
    }

    @Test("A slow disk holds up nobody who looks at what it has written, and what it is slow with is answered then")
    func slow() async throws {
        let stage = try await Stage()
        let told = try await stage.events()
        stage.store.holdBack()
        Self.happenUnwritten(to: try stage.session)
        var calls: [(RouteAttempt, PendingCall)] = []
        for attempt in RouteAttempt.all(stage.harness.gateway.router, stage.names) where attempt.isLook {
            guard attempt.endpoint.produces != ["text/event-stream"], attempt.method == "GET" else { continue }
            let query = attempt.template.hasSuffix("/events") ? "?wait=0&after=now" : ""
            calls.append((attempt, stage.harness.begin("GET", attempt.path(stage.alice.id) + query, token: stage.bot)))
        }
        for (attempt, call) in calls where !call.isParked {
            #expect(await call.answer().status != 503, "\(attempt)")
        }
        #expect(calls.count { $1.isParked } >= 9)
        #expect(try await stage.events() == told)
        for (attempt, call) in calls {
            while call.isParked {
                stage.store.write()
                await Task.yield()
            }
            #expect(await call.answer().status != 503, "\(attempt)")
        }
        try await stage.stop()
    }

    @Test("A look that waits for a commit is told when the disk is full, and what was done waits")
    func becomesFull() async throws {
        let stage = try await Stage()
        stage.store.holdBack()
        let edit = stage.harness.begin(
            "PATCH", stage.alice.path, token: stage.bot, body: Array(#"{"displayName":"Zoe"}"#.utf8))
        while try stage.session.resource.displayName != "Zoe" { await Task.yield() }
        let look = stage.harness.begin("GET", stage.alice.path, token: stage.bot)
        #expect(look.isParked)
        while !stage.store.isAwaited { await Task.yield() }
        stage.store.become(.failing("the disk is full"))
        let answer = await look.answer()
        #expect(answer.code == "state-unavailable")
        #expect(answer.header("Retry-After") != nil)
        #expect(edit.isParked)
        stage.store.become(.good)
        stage.store.writePromptly()
        #expect(try await edit.answer().string("displayName") == "Zoe")
        try await stage.stop()
    }

    @Test("No commit is waited for longer than the named patience, whatever the call's own time-out is")
    func patience() async throws {
        #expect(StateKeeper.patience == .seconds(20))
        #expect(StateKeeper.briefPatience < StateKeeper.patience)
        let store = ManualStore()
        let harness = try await GatewayHarness.withSandbox(
            state: StateKeeper(store: store, patience: .milliseconds(20), briefPatience: .milliseconds(10)))
        store.writePromptly()
        let alice = OpenedSession(harness, try await harness.signIn("alice@example.com"))
        try await alice.fence()
        try await store.flush()
        store.holdBack()
        let edit = await alice.call("PATCH", "", #"{"displayName":"Zoe"}"#)
        #expect(edit.code == "outcome-unknown")
        let look = await alice.get()
        #expect(look.code == "state-unavailable")
        #expect(await alice.get("/events?consumer=bot&wait=30").code == "state-unavailable")
        let keyed = harness.begin(
            "POST", alice.path + "/invitations", token: alice.token, body: Array(#"{"email":"z@example.com"}"#.utf8),
            headers: [("Idempotency-Key", "k")])
        #expect(await keyed.answer().code == "state-unavailable", "it was not begun")
        let signIn = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"carol@example.com","password":"sandbox"}"#)
        #expect(signIn.code == "state-unavailable")
        store.writePromptly()
        #expect(try await alice.get().string("displayName") == "Zoe")
        // What nobody heard of is undone, and can be had again.
        _ = try await harness.signIn("carol@example.com")
        try await harness.stop()
    }
}

extension RouteAttempt {
    fileprivate var isLook: Bool { (method == "GET" || method == "HEAD") && !endpoint.asksServer }
    fileprivate var isReadiness: Bool { template == "/readyz" }
    fileprivate var endsSession: Bool { method == "DELETE" && template == "/v1/sessions/{sid}" }

    /// 503 with the code, where there is a body to say it, and when to come again.
    fileprivate func isRefused(_ answer: TestAnswer) -> Bool {
        answer.status == 503 && (method == "HEAD" || answer.code == "state-unavailable")
            && answer.header("Retry-After") == "5"
    }
}
