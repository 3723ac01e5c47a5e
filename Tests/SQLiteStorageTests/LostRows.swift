import Foundation
import Locking
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// A directory in which a lot has happened, and what a start on it may do after something of it was lost.
struct LostRows {
    static let alice = SessionID("alice-session")
    static let bob = SessionID("bob-session")
    /// Nothing of hers is kept.
    static let carol = SessionID("carol-session")
    static let pageSize = DamageTests.pageSize
    /// The last number of each that was told.
    static let told: [SessionID: Int] = [alice: 60, bob: 20, carol: 7]

    let scratch: StateScratch
    /// Where the events stood that were told last.
    let places: [EventPlace]
    /// The pages of the database when half had happened.
    let yesterday: Data

    /// The first ten of alice's are let go, all of carol's are, and a session was removed.
    init() async throws {
        scratch = try StateScratch()
        let clock = HandClock()
        var options = scratch.options(clock)
        options.retention.age = 50
        options.retention.events = 50
        let store = try SQLiteStore(options)
        let dave = SessionID("dave-session")
        for number in 1...7 {
            for session in [Self.carol, dave] { Self.append(number, to: session, in: store) }
        }
        for session in [Self.alice, Self.bob, Self.carol] {
            try await store.commit(
                RecordContractTests.examples(of: session).map { .put($0) }, under: nil, .untilWritten)
        }
        store.note([.removeSession(dave)], under: nil)
        try await store.flush()
        clock.advance(by: 100)
        for number in 1...30 {
            Self.append(number, to: Self.alice, in: store)
            if number <= 20 { Self.append(number, to: Self.bob, in: store) }
        }
        try await store.flush()
        yesterday = try Self.whole(scratch)
        for number in 31...60 { Self.append(number, to: Self.alice, in: store) }
        try await store.flush()
        places = store.places()
        await store.close()
    }

    private static func append(_ number: Int, to session: SessionID, in store: SQLiteStore) {
        _ = store.append(event(number, session), seq: UInt64(number), of: session, under: .forGood)
    }

    static func event(_ number: Int, _ session: SessionID) -> EncodedEvent {
        EncodedEvent(
            type: "message.received",
            json: Array(
                #"{"seq":\#(number),"of":"\#(session.text)","text":"\#(String(repeating: "x", count: 400))"}"#.utf8))
    }

    /// The database as it would be with what is in the WAL.
    private static func whole(_ scratch: StateScratch) throws -> Data {
        // A reader keeps the writer from beginning the WAL anew between the two files.
        let reader = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        try reader.execute("BEGIN")
        _ = try reader.number("SELECT count(*) FROM sqlite_schema")
        let copy = try scratch.copy()
        try reader.execute("COMMIT")
        let connection = try SQLiteConnection(path: copy.files.database, isNew: false, vfs: nil)
        _ = try connection.checkpoint()
        return try Data.ofFile(copy.files.database)
    }

    /// The directory after a statement that no gateway carries out.
    func changed(_ sql: String) throws -> StateScratch {
        let copy = try scratch.copy()
        let connection = try SQLiteConnection(path: copy.files.database, isNew: false, vfs: nil)
        try connection.execute(sql)
        return copy
    }

    // MARK: - Starting

    /// Starts on a directory, with traffic, and then once more, unless the first start refuses it.
    ///
    /// Expects that nothing is read that was not written, that no number and no position is given again, and that whatever is
    /// missing is a gap for whoever reads, and said by the first start. Returns what that has said; nil where it was refused.
    ///
    /// - Parameter isMended: another start has said it.
    @discardableResult
    func start(_ scratch: StateScratch, _ what: String, isMended: Bool = false) async throws -> [String]? {
        guard let first = try await open(scratch, what, isMended: isMended) else { return nil }
        if let told = try await write(to: first, what) {
            try await expectNews(told, scratch, what)
        } else if let second = try await open(scratch, what, isMended: true),
            let told = try await write(to: second, what)
        {
            // What the first has found by writing alone was put right by the second.
            try await expectNews(told, scratch, what)
        }
        return first.faults
    }

    /// The store with all records read; nil where that is refused.
    private func open(_ scratch: StateScratch, _ what: String, isMended: Bool) async throws -> SQLiteStore? {
        do {
            let store = try SQLiteStore(scratch.options())
            do throws(StoreError) {
                for kind in RecordTable.all { try await Self.load(kind, from: store) }
            } catch {
                await store.close()
                throw error
            }
            try await expectAll(store, what, isMended: isMended)
            return store
        } catch StoreError.refused(let reason), StoreError.damaged(let reason) {
            // Of a row of a record whoever loads them says in which file it is.
            let isSaid = [scratch.files.database, "is not what", "holds what no record has"].contains {
                reason.contains($0)
            }
            #expect(isSaid, "\(what): \(reason)")
            return nil
        }
    }

    /// Has one more event of each session written and closes the store; their places, or nil where nothing can be written.
    private func write(to store: SQLiteStore, _ what: String) async throws -> [EventPlace]? {
        let outcomes = Recorder<[EventPlace]>()
        let written = Locked<[EventPlace]>([])
        store.onCommit { committed in
            outcomes.record(
                written.withLock { written in
                    written += committed.events
                    return written
                })
        }
        store.onHealth { if $0 != .good { outcomes.record([]) } }
        // It may have tried before anybody listened.
        if store.health != .good { outcomes.record([]) }
        for session in Self.told.keys {
            let next = store.span(of: session).head + 1
            _ = store.append(Self.event(Int(next), session), seq: next, of: session, under: .forGood)
        }
        let told = try await outcomes.first { $0.isEmpty || $0.count == Self.told.count }
        await store.close()
        guard !told.isEmpty else { return nil }
        #expect(told.allSatisfy { $0.position > places.last?.position ?? 0 }, "\(what): a position is given again")
        return told
    }

    private func expectNews(_ told: [EventPlace], _ scratch: StateScratch, _ what: String) async throws {
        let store = try SQLiteStore(scratch.options())
        for place in told {
            #expect(store.span(of: place.session).head >= place.seq, "\(what): \(place) after the next start")
            #expect(try await store.read([place]) == [Self.event(Int(place.seq), place.session)], "\(what): \(place)")
        }
        await store.close()
    }

    private static func load<Record: StoredRecord>(_: Record.Type, from store: SQLiteStore) async throws(StoreError) {
        _ = try await store.load(Record.self, of: nil)
    }

    private func expectAll(_ store: SQLiteStore, _ what: String, isMended: Bool) async throws {
        var read: [UInt64] = []
        let (kept, gone) = (store.places(), store.lastGone())
        for (session, last) in Self.told {
            let span = store.span(of: session)
            #expect(span.head >= last, "\(what): numbers of \(session.text) are given again")
            let page = try await store.read(session, after: 0, limit: .max, bytes: .max)
            #expect(page.events.allSatisfy { $0.event == Self.event(Int($0.seq), session) }, "\(what)")
            #expect(page.events.count + page.damaged == Int(span.head - span.oldest), "\(what): \(session.text)")
            #expect(page.through == span.head, "\(what)")
            let numbers = Set(page.events.map(\.seq))
            read += kept.filter { $0.session == session && numbers.contains($0.seq) }.map(\.position)
        }
        let there = Set(read)
        for place in places where !there.contains(place.position) {
            // A feed comes to it, or to a gap behind it.
            let isTold =
                kept.contains(place)
                || gone.contains { $0.session == place.session && $0.position >= place.position }
            #expect(isTold, "\(what): the feed passes \(place)")
            #expect(
                isMended || !store.faults.isEmpty || store.damagedEvents > 0,
                "\(what): nobody says that \(place) is missing")
        }
        // A gap in the place of an event would be told instead of it.
        #expect(Set(gone.map(\.position)).isDisjoint(with: kept.map(\.position)), "\(what)")
        #expect(store.lastPosition >= places.last?.position ?? 0, "\(what): positions are given again")
    }
}
