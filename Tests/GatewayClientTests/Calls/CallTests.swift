import Testing

@testable import GatewayClient

/// Calls of a gateway in this process.
@Suite(.timeLimit(.minutes(2))) struct CallTests {
    @Test("An account signs in, looks around, changes things and signs out")
    func day() async throws {
        let live = try await LiveGateway.start()
        let gateway = try live.client()
        let entry = try await gateway.entry()
        #expect(entry.backends == ["sandbox"])
        #expect(entry.signIn == .open)

        let alice = try await gateway.signIn(SignIn("alice@example.com", password: "sandbox"))
        #expect(try await alice.info().account == "alice@example.com")
        #expect(try await alice.info().state == .online)
        let snapshot = try await alice.snapshot()
        #expect(snapshot.session.cursor == snapshot.cursor)
        #expect(snapshot.contacts.map(\.account).contains("bob@example.com"))
        try await alice.setPresence(.busy)
        #expect(try await alice.presence() == .busy)
        #expect(try await alice.rename("Alice & co").displayName == "Alice & co")

        #expect(try await alice.contacts(pending: true).map(\.account) == ["dave@example.com"])
        #expect(try await alice.allow("dave@example.com").pending == false)
        #expect(try await alice.block("carol@example.com").blocked)
        #expect(try await alice.block("carol@example.com", false).blocked == false)
        #expect(try await alice.add("erin@example.com").lists.contains(.known(.forward)))
        try await alice.remove("erin@example.com")
        try await alice.setPrivacy(Privacy(unknownContacts: .block, promptOnAdd: false))
        #expect(try await alice.privacy() == Privacy(unknownContacts: .block, promptOnAdd: false))
        #expect(try await alice.changePhones(["home": "555 1"]).home == "555 1")
        #expect(try await alice.phones().home == "555 1")
        #expect(try await alice.profile()["kv"] != nil)
        #expect(try await alice.services().contains("inbox"))
        #expect(try await alice.service("n2paccount").siteId == 2823)
        #expect(try await gateway.session(alice.id, token: alice.token).info().id == alice.id)

        try await alice.signOut()
        try await alice.signOut()
        #expect(try await alice.info().reason == .known(.signedOut))
        let error = await #expect(throws: GatewayError.self) { try await alice.setPresence(.away) }
        guard case .problem(let problem)? = error else { return }
        #expect(problem.code == .sessionEnded)
        #expect(problem.reason == "signedOut")
        await live.stop()
    }

    @Test("Messages go from one to the other, once under one key, and their events are typed")
    func messages() async throws {
        let live = try await LiveGateway.start()
        let gateway = try live.client()
        let alice = try await gateway.signIn(SignIn("alice@example.com", password: "sandbox"))
        let bob = try await gateway.signIn(SignIn("bob@example.com", password: "sandbox"))
        var heard = bob.events(from: .consumer("test"), types: ["message.received"]).makeAsyncIterator()
        let outbox = Outbox(alice)
        let key = IdempotencyKey()
        var draft = MessageDraft("Zoë ☕\nsecond line", to: "bob@example.com")
        draft.clientRef = "ref"
        let sent = try await outbox.send(draft, key: key)
        #expect(sent.delivery == .delivered)
        #expect(sent.clientRef == "ref")
        #expect(try await outbox.send(draft, key: key) == sent)
        #expect(try await alice.message(sent.id) == sent)
        guard case .event(let event)? = try await heard.next(), case .messageReceived(let message) = event.content
        else {
            Issue.record("nothing was heard")
            return
        }
        #expect(message.text == draft.text)
        #expect(message.from == "alice@example.com")
        // Nothing is acknowledged before what follows is asked for: another reader of that name gets it again.
        var again = bob.events(from: .consumer("test"), types: ["message.received"]).makeAsyncIterator()
        #expect(try await again.next() == .event(event))
        try await bob.acknowledge(event.id, by: "test")
        let answer = try await Outbox(bob).send(
            MessageDraft("answer", in: message.conversationId), key: IdempotencyKey(answering: event))
        #expect(answer.delivery == .delivered)
        _ = try await outbox.send(MessageDraft("second", to: "bob@example.com"))
        var later = bob.events(from: .consumer("test"), types: ["message.received"]).makeAsyncIterator()
        guard case .event(let next)? = try await later.next(), case .messageReceived(let second) = next.content else {
            Issue.record("nothing was heard")
            return
        }
        #expect(second.text == "second")
        #expect(try await alice.conversations().map(\.id) == [sent.conversationId])
        let room = try await alice.openConversation(with: ["bob@example.com"])
        try await alice.typing(in: room.id)
        try await alice.leave(room.id)
        let offline = await #expect(throws: GatewayError.self) {
            try await outbox.send(MessageDraft("hi", to: "carol@example.com"))
        }
        guard case .problem(let problem)? = offline else { return }
        #expect(problem.code == .contactOffline)
        await live.stop()
    }

    @Test("What the gateway refuses is its own word, and what nobody answers says so")
    func refusals() async throws {
        let live = try await LiveGateway.start()
        let gateway = try live.client()
        let refused = await #expect(throws: GatewayError.self) {
            try await gateway.signIn(SignIn("alice@example.com", password: "wrong horse"))
        }
        guard case .problem(let problem)? = refused else { return }
        #expect(problem.status == 403)
        #expect(problem.code == .signInRefused)
        #expect(problem.msnp?.code == 911)
        #expect(!"\(problem)".contains("wrong horse"))
        let faulty = await #expect(throws: GatewayError.self) {
            try await gateway.signIn(SignIn("nobody", password: "x"))
        }
        guard case .problem(let fault)? = faulty else { return }
        #expect(fault.errors.map(\.pointer) == ["/account"])
        await live.stop()
        await #expect(throws: GatewayError.unreachable("there is no connection")) { try await gateway.entry() }
    }
}
