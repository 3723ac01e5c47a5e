import MSNP
import Storage
import Testing

@testable import Gateway

/// What of a session's record is kept, and the record that is made again of it.
@Suite struct KeptRecordTests {
    private static let bob = ListMember(handle: "Bob@Example.com", name: "Bob's window")
    private static let carol = ListMember(handle: "carol@example.com", name: "Carol")
    private static let dave = ListMember(handle: "dave@example.com", name: "")
    private static let one = ConversationID(rawValue: 1)
    private static let two = ConversationID(rawValue: 2)

    /// A session that is online and kept, and the store that it is kept in.
    private struct Stage {
        var record = Stage.record()
        let store = MemoryStore()
        private let session = SessionID("s")
        private var clock: Int64 = 1_700_000_000_000
        private(set) var last: [RecordChange] = []

        /// A record that nothing is known of yet.
        static func record() -> SessionRecord {
            SessionRecord(
                id: "s", account: "alice@example.com", backend: "b", createdAt: Timestamp(milliseconds: 1),
                journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
        }

        init() {
            record.beginSaving()
            hear(.negotiated(.msnp6))
            hear(.signedIn(handle: "Alice@example.com", displayName: "Alice", verified: true))
            hear(.state(.online))
        }

        mutating func hear(_ event: SessionEvent) {
            clock += 1
            record.apply(event, at: Timestamp(milliseconds: clock), uptime: .milliseconds(clock))
            save()
        }

        mutating func hear(_ event: ConversationEvent) { hear(.conversation(event)) }

        /// As `Session.synchronize` does it.
        mutating func synchronize(_ lists: SynchronizedLists) {
            var roster = record.roster
            let changes = roster.apply(lists)
            guard record.adopt(roster) else { return }
            if record.noteSynchronized() {
                record.note(changes)
                save()
                record.endNoting()
            } else {
                record.tell(changes, Timestamp(milliseconds: clock))
            }
            save()
        }

        mutating func send(
            _ text: String, in conversation: ConversationID, format: TextFormat? = nil, clientRef: String? = nil
        ) throws -> OutgoingMessageID {
            let id = record.conversations.messages.register(
                MessageDraft(text: try MessageText(validating: text), format: format, clientRef: clientRef),
                at: Timestamp(milliseconds: clock)
            ).id
            hear(.sent(id, conversation))
            return id
        }

        mutating func save() {
            last = record.takeUnsaved(of: session)
            store.note(last, under: nil)
        }

        /// The record of the next process.
        func again() async throws -> SessionRecord {
            var next = Self.record()
            let kept = try await KeptState(store, head: { _ in 0 }, last: 0)
            #expect(kept.faults.isEmpty)
            next.resume(kept.records(of: session), uptime: .zero)
            return next
        }

        /// Everything is there again that the API shows, and everybody is offline.
        func expectSame(_ ids: [OutgoingMessageID] = [], _ at: SourceLocation = #_sourceLocation) async throws {
            let next = try await again()
            let offline = record.roster.contacts.all.map { contact in
                var contact = contact
                contact.presence = .offline
                return ContactResource(contact, hasPhones: record.hasPhones)
            }
            #expect(next.contactBook.resources() == offline, sourceLocation: at)
            #expect(next.phones == record.phones, sourceLocation: at)
            #expect(PrivacyResource(next.roster) == PrivacyResource(record.roster), sourceLocation: at)
            #expect(next.conversationResources == record.conversationResources, sourceLocation: at)
            #expect(next.account == record.account && next.verified == record.verified, sourceLocation: at)
            for id in ids {
                let before = record.conversations.messages[id].flatMap(record.resource)
                #expect(next.conversations.messages[id].flatMap(next.resource) == before, sourceLocation: at)
            }
        }
    }

    private static func lists() -> SynchronizedLists {
        var lists = SynchronizedLists(version: 7)
        lists.members[.forward] = [bob, carol]
        lists.members[.allow] = [bob]
        lists.members[.reverse] = [bob, dave]
        lists.privacy = .block
        lists.addPrompt = .ask
        return lists
    }

    @Test("Lists, names, phones and settings come back as they were, with everybody offline")
    func lists() async throws {
        var stage = Stage()
        stage.synchronize(Self.lists())
        try await stage.expectSame()
        stage.hear(.contactPhone(handle: "bob@example.com", .mobile, "+1 555"))
        stage.hear(.ownPhone(.home, "+49 30"))
        stage.hear(.privacy(.allow))
        stage.hear(.listAdded(Self.dave, .allow, version: 8))
        stage.hear(.listRemoved(handle: "carol@example.com", .forward, version: 9))
        stage.hear(.contactRenamed(ListMember(handle: "bob@example.com", name: "Robert"), version: 10))
        try await stage.expectSame()
        #expect(stage.record.roster.contact("carol@example.com") == nil)
        stage.hear(.presence(.busy, handle: "bob@example.com", name: "Robert"))
        #expect(stage.last.isEmpty, "presence is not kept")
        stage.hear(.presence(.away, handle: "bob@example.com", name: "Bobby"))
        #expect(stage.last.count == 1, "one name is one contact")
        try await stage.expectSame()
    }

    @Test("What the server sends afterwards is compared: the same lists are no news, others are")
    func differences() async throws {
        var stage = Stage()
        stage.synchronize(Self.lists())
        var next = try await stage.again()
        let isFirst = next.noteSynchronized()
        #expect(!isFirst, "it had its lists before")
        var roster = next.roster
        let news = roster.apply(Self.lists())
        #expect(news.isEmpty)
        var other = Self.lists()
        other.members[.forward] = [Self.bob]
        roster = next.roster
        let changes = roster.apply(other)
        let gone = changes.compactMap { if case .contactRemoved(let contact) = $0 { contact.account } else { nil } }
        #expect(gone == [Self.carol.handle])
    }

    @Test("Lists of which a part was written are no lists yet: the next are the first")
    func halfWritten() async throws {
        var stage = Stage()
        var roster = stage.record.roster
        let changes = roster.apply(Self.lists())
        _ = stage.record.adopt(roster)
        _ = stage.record.noteSynchronized()
        stage.record.note(changes.prefix(1))
        stage.save()
        var next = try await stage.again()
        let isFirst = next.noteSynchronized()
        #expect(isFirst)
    }

    @Test("Nobody is asked about twice, and whoever was not is asked about")
    func requests() async throws {
        var stage = Stage()
        stage.synchronize(Self.lists())
        let waiting = stage.record.roster.pending
        #expect(waiting.map(\.account) == ["dave@example.com"])
        var unasked = try await stage.again()
        var before = unasked.journal.head
        unasked.announce(waiting, Timestamp(milliseconds: 1))
        #expect(unasked.journal.head == before + 1)
        stage.record.announce(waiting, Timestamp(milliseconds: 1))
        stage.save()
        var asked = try await stage.again()
        before = asked.journal.head
        asked.announce(waiting, Timestamp(milliseconds: 1))
        #expect(asked.journal.head == before)
        try await stage.expectSame()
    }

    @Test("Conversations come back with people in order, groups and times, and a client goes on with them")
    func conversations() async throws {
        var stage = Stage()
        stage.synchronize(Self.lists())
        stage.hear(.opened(Self.one, participants: [Self.bob]))
        stage.hear(.opened(Self.two, participants: [Self.carol, Self.dave]))
        stage.hear(.joined(Self.two, Self.bob))
        try await stage.expectSame()
        stage.hear(.left(Self.two, handle: "carol@example.com"))
        stage.hear(.joined(Self.two, Self.carol))
        stage.hear(.received(Self.one, from: Self.bob, .text(ChatText("hi"))))
        try await stage.expectSame()
        let next = try await stage.again()
        #expect(next.conversationResources.map(\.id) == ["abcdefgh.c1", "abcdefgh.c2"])
        var flow = ConversationFlow(known: next.knownConversations)
        let message = OutgoingMessage(
            id: OutgoingMessageID(rawValue: 900), text: try MessageText(validating: "x"), format: nil)
        let (sent, _) = flow.send(message, to: .person(try Handle(validating: "bob@example.com")))
        #expect(try sent.get() == Self.one, "private text goes on where it was")
        let (opened, _) = flow.send(message, to: .person(try Handle(validating: "erin@example.com")))
        #expect(try opened.get().rawValue > 2, "no number is given twice")
        stage.hear(.closed(Self.two, .left))
        try await stage.expectSame()
        let people = try await stage.store.load(StoredParticipant.self, of: nil)
        #expect(people.map(\.conversation) == [1], "nobody is left in one that is closed")
    }

    @Test("Sent messages come back with their outcomes; one that was on its way is unconfirmed, once")
    func messages() async throws {
        var stage = Stage()
        stage.synchronize(Self.lists())
        stage.hear(.opened(Self.one, participants: [Self.bob]))
        let format = try TextFormat(font: "A;b", isBold: true, color: TextColor(red: 1, green: 2, blue: 3))
        let ids = [
            try stage.send("delivered", in: Self.one, format: format, clientRef: "mine"),
            try stage.send("not", in: Self.one, format: try TextFormat(isItalic: true)),
            try stage.send("in part", in: Self.one),
            try stage.send("unconfirmed\nline", in: Self.one),
        ]
        stage.hear(.settled(ids[2], Self.one, .failed(.connectionLost, partial: 3)))
        stage.hear(.settled(ids[0], Self.one, .delivered))
        stage.hear(.settled(ids[1], Self.one, .failed(.contactOffline(217), partial: nil)))
        stage.hear(.settled(ids[3], Self.one, .unconfirmed))
        try await stage.expectSame(ids)
        let underway = try stage.send("on its way", in: Self.one)
        try await stage.expectSame(ids + [underway])
        var next = try await stage.again()
        let head = next.journal.head
        next.leaveUnconfirmed(at: Timestamp(milliseconds: 5), uptime: .zero)
        #expect(next.journal.head == head + 1)
        #expect(next.conversations.messages[underway]?.delivery == .unconfirmed)
        next.leaveUnconfirmed(at: Timestamp(milliseconds: 6), uptime: .zero)
        #expect(next.journal.head == head + 1)
        let news = next.takeUnsaved(of: SessionID("s"))
        #expect(!news.isEmpty, "and that is kept")
    }

    @Test("Numbers of messages, received ones among them, are given by one process and never again")
    func numbers() async throws {
        var stage = Stage()
        stage.hear(.opened(Self.one, participants: [Self.bob]))
        for _ in 0..<600 { stage.hear(.received(Self.one, from: Self.bob, .text(ChatText("x")))) }
        let last = stage.record.conversations.messages.lastNumber
        #expect(last == 600)
        var next = try await stage.again()
        let first = next.conversations.messages.nextNumber()
        #expect(first > last)
        #expect(next.conversations.lastNumber >= 1)
        stage.hear(.received(Self.one, from: Self.bob, .text(ChatText("x"))))
        let reservations = stage.last.filter { if case .put(let put) = $0 { put is StoredNumbers } else { false } }
        #expect(reservations.isEmpty, "they are reserved by blocks")
    }

    @Test("What is beyond the last thousand is taken out of the store too")
    func pruning() async throws {
        var stage = Stage()
        stage.hear(.opened(Self.one, participants: [Self.bob]))
        for _ in 0..<MessagingLimits.settledMessages + 5 {
            let id = try stage.send("x", in: Self.one)
            stage.hear(.settled(id, Self.one, .delivered))
        }
        let kept = try await stage.store.load(StoredMessage.self, of: nil)
        #expect(kept.count == MessagingLimits.settledMessages)
        #expect(kept.map(\.number).min() == 6)
    }

    @Test("Where nothing outlives the process nothing is noted")
    func none() {
        var record = Stage.record()
        record.apply(.privacy(.block), at: Timestamp(milliseconds: 1), uptime: .zero)
        #expect(record.unsaved == nil)
        let news = record.takeUnsaved(of: SessionID("s"))
        #expect(news.isEmpty)
    }
}
