import Digests
import Storage
import Testing

/// What any store promises of records.
@Suite struct RecordContractTests {
    static let alice = SessionID("alice-session")
    static let bob = SessionID("bob-session")

    /// One of each kind with all that it can have, and one with as little as it may have.
    static func examples(of session: SessionID) throws -> [any StoredRecord] {
        let keys = try SealingKeys(file: SealingKeys.makeLine())
        var full = StoredSession(
            id: session, owner: "key 1", backend: "main", account: "alice@example.com", epoch: "Yk2vQ8-a",
            createdAt: 1_800_000_000_000, openedFrom: "2001:db8::1", wantedStatus: "busy", displayName: "Älice\u{0}\n☃")
        full.state = .ended
        full.reason = "signedOut"
        full.usedAt = 1_799_999_999_999
        full.isKept = true
        full.endedAt = 1_800_000_000_001
        full.deletedAt = 253_402_300_799_999
        full.sealed = keys.seal(Secret("sesame"), for: SealingContext(full))
        var phones = StoredPhones()
        phones.home = "1"
        phones.work = "2"
        phones.mobile = "3"
        phones.mobileMessaging = true
        phones.mobileEnabled = false
        var message = StoredMessage(session: session, number: 1 << 53 - 1, text: "", sentAt: 0, outcome: "failed")
        message.conversation = 4
        message.format = "FN=Arial"
        message.clientRef = "mine"
        message.reason = "notOnline"
        message.partial = 12
        message.settled = 1 << 53 - 1
        var call = StoredCall(session: session, scope: [1, 2, 3], body: [4], begunAt: 5)
        call.message = 6
        call.answer = []
        return [
            full,
            StoredContact(
                session: session, account: "bob@example.com", spelling: "Bob@example.com", displayName: "Bob",
                lists: 11,
                phones: phones),
            StoredContact(session: session, account: "dave@example.com", spelling: "", displayName: "", lists: 0),
            StoredSettings(session: session, privacy: "allow", addPrompt: "ask", version: 77, phones: phones),
            StoredConversation(session: session, number: 3, createdAt: 1, lastMessageAt: 2, isGroup: true),
            StoredConversation(session: session, number: 4, createdAt: 1, isGroup: false),
            StoredParticipant(
                session: session, conversation: 3, account: "bob@example.com", spelling: "bob@example.com",
                displayName: "e\u{301}", place: 1),
            message, StoredMessage(session: session, number: 1, text: "hello", sentAt: 1, outcome: "pending"),
            StoredToken(session: session, digest: [UInt8](repeating: 0xFF, count: 32), used: 9),
            StoredConsumer(session: session, name: "bot", seq: 8), call,
            StoredCall(session: session, scope: [9], body: [], begunAt: 0),
            StoredNumbers(session: session, kind: .messages, through: 1_024),
        ]
    }

    /// What belongs to a key and to no session.
    static func examplesOfKey() throws -> [any StoredRecord] {
        let keys = try SealingKeys(file: SealingKeys.makeLine())
        var webhook = StoredWebhook(
            id: "wh_1", owner: "key 1", url: "https://bot.example.com/hook?a=b", createdAt: 1_800_000_000_000)
        webhook.types = "message.*,session.state"
        webhook.sessions = "alice-session"
        webhook.disabled = "failing"
        webhook.disabledAt = 1_800_000_000_001
        webhook.previousUntil = -1
        webhook.sealed = keys.seal(Secret("sesame"), for: SealingContext(webhook))
        var delivery = StoredDelivery(webhook: "wh_1", position: 1 << 40)
        delivery.batch = StoredDelivery.Batch(
            id: "msg_1", through: .max, events: 100, digest: [UInt8](repeating: 7, count: 32), madeAt: 1, firstAt: 2,
            types: "message.*", sessions: "alice-session")
        (delivery.failures, delivery.failingSince, delivery.failingFor) = (3, 4, 5)
        delivery.loss = .events(9)
        delivery.last = StoredDelivery.Attempt(at: 6, outcome: "answered", status: 503, duration: 7)
        var fresh = StoredDelivery(webhook: "wh_2", position: 0)
        fresh.batch = StoredDelivery.Batch(
            id: "msg_2", through: 1, events: nil, digest: [UInt8](repeating: 0, count: 32), madeAt: 0, firstAt: 0,
            types: nil, sessions: nil)
        fresh.loss = .unknown
        fresh.last = StoredDelivery.Attempt(at: 0, outcome: "unreachable", status: nil, duration: 0)
        return [
            StoredFeed(owner: "key 1", epoch: "abc", gone: 3),
            StoredFeedConsumer(owner: "key 1", name: "bot", position: 5), webhook,
            StoredWebhook(id: "wh_2", owner: "key 1", url: "http://127.0.0.1", createdAt: 0), delivery, fresh,
            StoredDelivery(webhook: "wh_3", position: 0),
        ]
    }

    private static func load<Record: StoredRecord>(
        _ kind: Record.Type, _ store: any Store, of session: SessionID?
    ) async throws -> [[StoredValue]] {
        try await store.load(kind, of: session).map(\.values)
    }

    private static func rows(of store: any Store, _ session: SessionID?) async throws -> Set<[StoredValue]> {
        var rows: Set<[StoredValue]> = []
        for kind in RecordTable.all { rows.formUnion(try await load(kind, store, of: session)) }
        return rows
    }

    @Test("Each kind of record comes back as it was", arguments: StoreKind.allCases)
    func eachKind(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let (alices, bobs) = (try Self.examples(of: Self.alice), try Self.examples(of: Self.bob))
        let feeds = try Self.examplesOfKey()
        #expect(Set((alices + feeds).map(\.key.table)).count == RecordTable.all.count, "one of each kind is there")
        try await test.store.commit((alices + bobs + feeds).map { .put($0) }, under: nil, .untilWritten)
        #expect(try await Self.rows(of: test.store, nil) == Set((alices + bobs + feeds).map(\.values)))
        for (session, records) in [(Self.alice, alices), (Self.bob, bobs)] {
            let rows = try await Self.rows(of: test.store, session)
            #expect(rows == Set(records.map(\.values)))
        }
        await test.store.close()
    }

    @Test("A record takes the place of the one with its key, and can be removed", arguments: StoreKind.allCases)
    func replacing(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        var consumer = StoredConsumer(session: Self.alice, name: "bot", seq: 1)
        let other = StoredConsumer(session: Self.alice, name: "other", seq: 5)
        test.store.note([.put(consumer), .put(other)], under: nil)
        consumer.seq = 2
        try await test.store.commit([.put(consumer)], under: nil, .orNothing)
        #expect(Set(try await test.store.load(StoredConsumer.self, of: Self.alice).map(\.seq)) == [2, 5])
        try await test.store.commit([.remove(consumer.key)], under: nil, .orNothing)
        #expect(try await test.store.load(StoredConsumer.self, of: nil) == [other])
        await test.store.close()
    }

    @Test("A session goes with all that is its own, and with nothing else", arguments: StoreKind.allCases)
    func removingSession(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let (alices, bobs) = (try Self.examples(of: Self.alice), try Self.examples(of: Self.bob))
        try await test.store.commit((alices + bobs).map { .put($0) }, under: nil, .untilWritten)
        for session in [Self.alice, Self.bob] {
            for number in 1...3 {
                _ = test.store.append(.numbered(number), seq: UInt64(number), of: session, under: .forGood)
            }
        }
        // In the same commit as events of it, before and behind.
        test.store.note([.removeSession(Self.alice)], under: nil)
        try await test.store.flush()
        #expect(try await Self.rows(of: test.store, nil) == Set(bobs.map(\.values)))
        #expect(try await test.events(of: Self.alice).isEmpty)
        #expect(test.store.span(of: Self.alice).head == 0)
        #expect(try await test.events(of: Self.bob).map(\.seq) == [1, 2, 3])
        // The same ID may be a session again, from its first number on.
        _ = test.store.append(.numbered(7), seq: 1, of: Self.alice, under: .forGood)
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.event) == [.numbered(7)])
        await test.store.close()
    }

    @Test("Records and events are written in the order in which they came", arguments: StoreKind.allCases)
    func order(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        for number in UInt64(1)...50 {
            test.store.note([.put(StoredConsumer(session: Self.alice, name: "bot", seq: number))], under: .forGood)
            _ = test.store.append(.numbered(Int(number)), seq: number, of: Self.alice, under: .forGood)
            if number.isMultiple(of: 10) {
                try await test.store.flush()
                #expect(try await test.store.load(StoredConsumer.self, of: Self.alice).map(\.seq) == [number])
                #expect(test.store.span(of: Self.alice).head == number)
            }
        }
        await test.store.close()
    }
}
