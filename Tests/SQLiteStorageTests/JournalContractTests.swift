import Locking
import Storage
import Testing

/// What any store promises of journals.
@Suite struct JournalContractTests {
    static let alice = SessionID("alice-session")
    static let bob = SessionID("bob-session")

    @Test("What was written is read again, from any number on, with the same bytes", arguments: StoreKind.allCases)
    func readAgain(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        for number in 1...5 {
            #expect(
                test.store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood) == .taken)
        }
        try await test.store.flush()
        let all = try await test.events(of: Self.alice)
        #expect(all.map(\.seq) == [1, 2, 3, 4, 5])
        #expect(all.map(\.event) == (1...5).map { .numbered($0) })
        let some = try await test.store.read(Self.alice, after: 2, limit: 2, bytes: .max)
        #expect(some.events.map(\.seq) == [3, 4])
        #expect(some.through == 4)
        let one = try await test.store.read(Self.alice, after: 0, limit: 5, bytes: 1)
        #expect(one.events.map(\.seq) == [1], "one is given however few bytes are wanted")
        let none = try await test.store.read(Self.alice, after: 5, limit: 5, bytes: .max)
        #expect(none == StoredPage(through: 5))
        #expect(test.store.span(of: Self.alice).head == 5)
        #expect(test.store.span(of: Self.bob) == JournalSpan(oldest: 0, head: 0, bytes: 0))
        await test.store.close()
    }

    @Test(
        "A commit is told before whoever waits for it goes on, in the order of the store", arguments: StoreKind.allCases
    )
    func commits(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        for number in 1...20 {
            let session = number.isMultiple(of: 3) ? Self.bob : Self.alice
            let seq = UInt64(number.isMultiple(of: 3) ? number / 3 : number - number / 3)
            _ = test.store.append(.numbered(number), seq: seq, of: session, under: .forGood)
        }
        try await test.store.flush()
        #expect(test.told.count == 20)
        #expect(test.told.map(\.position) == test.told.map(\.position).sorted())
        #expect(Set(test.told.map(\.position)).count == 20)
        #expect(test.told.filter { $0.session == Self.bob }.map(\.seq) == [1, 2, 3, 4, 5, 6])
        #expect(test.told == test.store.places())
        await test.store.close()
    }

    @Test("A number that was there already changes nothing", arguments: StoreKind.allCases)
    func repeats(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        _ = test.store.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        _ = test.store.append(.numbered(2), seq: 1, of: Self.alice, under: .forGood)
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.event) == [.numbered(1)])
        #expect(test.told.count == 1)
        await test.store.close()
    }

    @Test("No more events of a session are kept than may be", arguments: StoreKind.allCases)
    func fewEvents(kind: StoreKind) async throws {
        var retention = Retention()
        retention.events = 3
        let test = try StoreUnderTest(kind, retention: retention)
        for number in 1...10 {
            _ = test.store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        _ = test.store.append(.numbered(1), seq: 1, of: Self.bob, under: .forGood)
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.seq) == [8, 9, 10])
        #expect(test.store.span(of: Self.alice).oldest == 7)
        #expect(try await test.store.read(Self.alice, after: 2, limit: 9, bytes: .max).events.map(\.seq) == [8, 9, 10])
        #expect(try await test.events(of: Self.bob).map(\.seq) == [1])
        await test.store.close()
    }

    @Test(
        "What was let go last is known by its place, and what stands at a place is read", arguments: StoreKind.allCases)
    func lettingGo(kind: StoreKind) async throws {
        var retention = Retention()
        retention.events = 3
        let test = try StoreUnderTest(kind, retention: retention)
        #expect(test.store.lastGone() == [])
        #expect(test.store.age(of: Self.alice) == nil)
        for number in 1...10 {
            _ = test.store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        _ = test.store.append(.numbered(1), seq: 1, of: Self.bob, under: .forGood)
        try await test.store.flush()
        test.clock.advance(by: 5)
        #expect(test.store.lastGone() == [test.told[6]])
        #expect(test.store.age(of: Self.alice) == 5)
        #expect(Set(test.store.journals) == [Self.alice, Self.bob])
        let places = [test.told[10], test.told[9], test.told[7]]
        #expect(try await test.store.read(places) == [.numbered(1), .numbered(10), .numbered(8)])
        #expect(test.store.tally.outdated == 7)
        #expect(test.store.tally.damaged == 0)
        await test.store.close()
    }

    @Test("What is too old is not kept, though nothing happens", arguments: StoreKind.allCases)
    func ageOfSpan(kind: StoreKind) async throws {
        var retention = Retention()
        retention.age = 60
        let test = try StoreUnderTest(kind, retention: retention)
        _ = test.store.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        try await test.store.flush()
        test.clock.advance(by: 59)
        #expect(test.store.span(of: Self.alice).oldest == 0)
        test.clock.advance(by: 1)
        #expect(test.store.span(of: Self.alice) == JournalSpan(oldest: 1, head: 1, bytes: 0))
        await test.store.close()
    }

    @Test("No more bytes of a session are kept than may be, but its last event", arguments: StoreKind.allCases)
    func fewBytes(kind: StoreKind) async throws {
        var retention = Retention()
        retention.bytes = 1_000
        let test = try StoreUnderTest(kind, retention: retention)
        for number in 1...10 {
            _ = test.store.append(.numbered(number, size: 300), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.seq) == [8, 9, 10])
        _ = test.store.append(.numbered(11, size: 5_000), seq: 11, of: Self.alice, under: .forGood)
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.seq) == [11])
        await test.store.close()
    }

    @Test("What is too old goes, and the numbers go on", arguments: StoreKind.allCases)
    func age(kind: StoreKind) async throws {
        var retention = Retention()
        retention.age = 60
        let test = try StoreUnderTest(kind, retention: retention)
        for number in 1...3 {
            _ = test.store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        try await test.store.flush()
        test.clock.advance(by: 30)
        #expect(try await test.events(of: Self.alice).map(\.age) == [30, 30, 30])
        test.clock.advance(by: 31)
        _ = test.store.append(.numbered(4), seq: 4, of: Self.alice, under: .forGood)
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.seq) == [4])
        #expect(test.store.span(of: Self.alice).head == 4)
        await test.store.close()
    }

    @Test("All events together are held to their limit, the oldest of all first", arguments: StoreKind.allCases)
    func totalBytes(kind: StoreKind) async throws {
        var retention = Retention()
        retention.totalBytes = 10_000
        let test = try StoreUnderTest(kind, retention: retention)
        // Alice's are the older ones.
        for number in 1...9 {
            _ = test.store.append(.numbered(number, size: 1_000), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        try await test.store.flush()
        for number in 1...5 {
            _ = test.store.append(.numbered(number, size: 1_000), seq: UInt64(number), of: Self.bob, under: .forGood)
        }
        try await test.store.flush()
        #expect(try await test.events(of: Self.bob).map(\.seq) == [1, 2, 3, 4, 5])
        #expect(try await test.events(of: Self.alice).map(\.seq) == [6, 7, 8, 9])
        let spans = [Self.alice, Self.bob].map { test.store.span(of: $0) }
        #expect(spans.reduce(0) { $0 + $1.bytes } <= 10_000)
        #expect(spans.map(\.head) == [9, 5])
        await test.store.close()
    }

    @Test("Nothing is taken under a tenure that is over, or once the store is closed", arguments: StoreKind.allCases)
    func refusals(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let tenure = Tenure(shard: 7, fence: 3)
        #expect(test.store.append(.numbered(1), seq: 1, of: Self.alice, under: tenure) == .taken)
        tenure.revoke()
        #expect(test.store.append(.numbered(2), seq: 2, of: Self.alice, under: tenure) == .refused)
        await #expect(throws: StoreError.tenureOver) { try await test.store.commit([], under: tenure, .untilWritten) }
        try await test.store.flush()
        #expect(try await test.events(of: Self.alice).map(\.seq) == [1])
        await test.store.close()
        #expect(test.store.append(.numbered(2), seq: 2, of: Self.alice, under: .forGood) == .refused)
        await #expect(throws: StoreError.closed) { try await test.store.flush() }
        #expect(test.told.count == 1)
    }

    @Test("Many that write at once lose nothing and are told each event once", arguments: StoreKind.allCases)
    func manyWriters(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let store = test.store
        await withTaskGroup { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 1...200 {
                        _ = store.append(
                            .numbered(number), seq: UInt64(number), of: SessionID("session \(writer)"), under: .forGood)
                    }
                }
            }
        }
        try await store.flush()
        for writer in 0..<8 {
            let session = SessionID("session \(writer)")
            #expect(try await test.events(of: session).map(\.event) == (1...200).map { .numbered($0) })
            #expect(test.told.filter { $0.session == session }.map(\.seq) == (1...200).map(UInt64.init))
        }
        #expect(store.places() == test.told)
        await store.close()
    }
}
