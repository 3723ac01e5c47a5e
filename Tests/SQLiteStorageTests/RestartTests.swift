import Foundation
import SQLiteFaults
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// What is there after a process ended, in good order or not.
@Suite struct RestartTests {
    static let alice = SessionID("alice-session")
    static let bob = SessionID("bob-session")

    /// How a process can end.
    enum End: CaseIterable, Sendable {
        case closed
        /// As `kill -9` leaves it: nobody moved the WAL into the file.
        case killed
    }

    /// Opens the directory again, after the store that used it has ended.
    static func reopen(
        _ scratch: StateScratch, _ store: SQLiteStore, _ end: End, _ clock: HandClock = HandClock(),
        _ retention: Retention = Retention()
    ) async throws -> (StateScratch, SQLiteStore) {
        let found = end == .killed ? try scratch.copy() : scratch
        await store.close()
        var options = found.options(clock)
        options.retention = retention
        return (found, try SQLiteStore(options))
    }

    @Test("Events, records and the order of all are the same after a restart", arguments: End.allCases)
    func everything(end: End) async throws {
        let scratch = try StateScratch()
        let first = try SQLiteStore(scratch.options())
        for number in 1...30 {
            _ = first.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
            _ = first.append(.numbered(-number), seq: UInt64(number), of: Self.bob, under: .forGood)
        }
        let records = try RecordContractTests.examples(of: Self.alice)
        try await first.commit(records.map { .put($0) }, under: nil, .untilWritten)
        let (events, places) = (try await first.read(Self.alice, after: 3, limit: 9, bytes: .max), first.places())

        let (found, second) = try await Self.reopen(scratch, first, end)
        defer { withExtendedLifetime(found) {} }
        #expect(try await second.read(Self.alice, after: 3, limit: 9, bytes: .max).events == events.events)
        #expect(second.places() == places)
        #expect(second.span(of: Self.bob).head == 30)
        let sessions = try await second.load(StoredSession.self, of: Self.alice)
        #expect(sessions.map(\.values) == records.prefix(1).map(\.values))
        #expect(try await second.load(StoredContact.self, of: nil).count == 2)
        await second.close()
    }

    @Test("No position is given twice, and no number begins anew, whatever was deleted", arguments: End.allCases)
    func numbersGoOn(end: End) async throws {
        let (scratch, clock) = (try StateScratch(), HandClock())
        var retention = Retention()
        retention.age = 10
        var options = scratch.options(clock)
        options.retention = retention
        let first = try SQLiteStore(options)
        for number in 1...100 {
            _ = first.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        _ = first.append(.numbered(1), seq: 1, of: Self.bob, under: .forGood)
        try await first.flush()
        let last = try #require(first.places().last)
        clock.advance(by: 100)
        first.note([.removeSession(Self.bob)], under: nil)
        try await first.flush()
        // The store's own thread deletes what is too old when it has nothing else to do; closing waits for that.
        let (found, second) = try await Self.reopen(scratch, first, .closed, clock, retention)
        #expect(second.span(of: Self.alice).head == 100)
        let (again, third) = try await Self.reopen(found, second, end, clock, retention)
        defer { withExtendedLifetime(again) {} }
        #expect(third.span(of: Self.alice).head == 100)
        #expect(third.span(of: Self.bob).head == 0)
        _ = third.append(.numbered(101), seq: 101, of: Self.alice, under: .forGood)
        try await third.flush()
        #expect(try #require(third.places().last).position > last.position)
        #expect(third.places().last?.seq == 101)
        await third.close()
    }

    @Test("Where the last event stood that was let go is known after a restart", arguments: End.allCases)
    func lastGone(end: End) async throws {
        var retention = Retention()
        retention.events = 3
        let (scratch, clock) = (try StateScratch(), HandClock())
        var options = scratch.options(clock)
        options.retention = retention
        let first = try SQLiteStore(options)
        for number in 1...10 {
            _ = first.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        try await first.flush()
        let gone = first.lastGone()
        #expect(gone.map(\.seq) == [7])
        // Closing deletes the rows.
        let (found, second) = try await Self.reopen(scratch, first, .closed, clock, retention)
        #expect(second.lastGone() == gone)
        #expect(try await second.read(gone) == [nil])
        #expect(second.damagedEvents == 0)
        let (again, third) = try await Self.reopen(found, second, end, clock, retention)
        defer { withExtendedLifetime(again) {} }
        #expect(third.lastGone() == gone)
        await third.close()
    }

    @Test("Time while nothing ran, and clocks of walls, make nothing older")
    func clock() async throws {
        var retention = Retention()
        retention.age = 100
        let (scratch, clock) = (try StateScratch(), HandClock())
        let first = try SQLiteStore(scratch.options(clock))
        _ = first.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        try await first.flush()
        clock.advance(by: 60)
        _ = first.append(.numbered(2), seq: 2, of: Self.alice, under: .forGood)
        try await first.flush()
        // Another machine's uptime: it begins somewhere else.
        let another = HandClock()
        another.advance(by: 1_000_000)
        let (found, second) = try await Self.reopen(scratch, first, .killed, another, retention)
        defer { withExtendedLifetime(found) {} }
        let page = try await second.read(Self.alice, after: 0, limit: 9, bytes: .max)
        #expect(page.events.map(\.age) == [60, 0])
        another.advance(by: 41)
        _ = second.append(.numbered(3), seq: 3, of: Self.alice, under: .forGood)
        try await second.flush()
        #expect(try await second.read(Self.alice, after: 0, limit: 9, bytes: .max).events.map(\.seq) == [2, 3])
        await second.close()
    }

    @Test("A torn WAL costs what was in its last commit, and nothing before it")
    func tornWAL() async throws {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        for number in 1...10 {
            _ = store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
            try await store.flush()
        }
        let before = try Data.ofFile(scratch.files.database + "-wal").count
        _ = store.append(.numbered(11, size: 20_000), seq: 11, of: Self.alice, under: .forGood)
        try await store.flush()
        let after = try Data.ofFile(scratch.files.database + "-wal").count
        try #require(after > before)
        for length in stride(from: before, to: after, by: max(1, (after - before) / 20)) {
            let torn = try scratch.copy()
            truncate(torn.files.database + "-wal", off_t(length))
            defer { withExtendedLifetime(torn) {} }
            let found = try SQLiteStore(torn.options())
            #expect(found.span(of: Self.alice).head == 10, "\(length) of \(after) bytes")
            #expect(try await found.read(Self.alice, after: 0, limit: 99, bytes: .max).events.count == 10)
            // It goes on from there.
            _ = found.append(.numbered(12), seq: 11, of: Self.alice, under: .forGood)
            try await found.flush()
            await found.close()
        }
        await store.close()
    }

    @Test("Copies made at any moment, while the store is written to, have all that was told until then")
    func copiesWhileRunning() async throws {
        let scratch = try StateScratch()
        var options = scratch.options()
        // So that nothing moves between the copy of one file and that of the other: a copy has to be of one moment.
        options.retention.events = 0
        let store = try SQLiteStore(options)
        for round in 0..<5 {
            for number in 1...40 {
                let seq = UInt64(round * 40 + number)
                _ = store.append(.numbered(Int(seq)), seq: seq, of: Self.alice, under: .forGood)
            }
            try await store.flush()
            let told = store.span(of: Self.alice).head
            let copy = try scratch.copy()
            defer { withExtendedLifetime(copy) {} }
            let found = try SQLiteStore(copy.options())
            let events = try await found.read(Self.alice, after: 0, limit: .max, bytes: .max).events
            #expect(events.map(\.seq) == (1...told).map(\.self))
            await found.close()
        }
        await store.close()
    }

    @Test("A database of an older version is brought to this one, and a crash on the way leaves a whole one")
    func migration() async throws {
        let scratch = try StateScratch()
        let first = try SQLiteStore(scratch.options())
        _ = first.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        await first.close()
        // The second statement of the second step can't be carried out.
        let broken = Schema(
            version: 3,
            steps: [
                1: ["ALTER TABLE meta ADD COLUMN note TEXT"],
                2: ["CREATE TABLE news (id INTEGER PRIMARY KEY) STRICT", "CREATE TABLE meta (id INTEGER)"],
            ])
        #expect(throws: StoreError.self) { try SQLiteStore(scratch.options(), schema: broken) }
        #expect(throws: StoreError.self) { try SQLiteStore(scratch.options()) }
        let whole = Schema(
            version: 3,
            steps: [
                1: ["ALTER TABLE meta ADD COLUMN note TEXT"], 2: ["CREATE TABLE news (id INTEGER PRIMARY KEY) STRICT"],
            ])
        let second = try SQLiteStore(scratch.options(), schema: whole)
        #expect(
            try await second.read(Self.alice, after: 0, limit: 9, bytes: .max).events.map(\.event) == [.numbered(1)])
        await second.close()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        #expect(try connection.number("PRAGMA user_version") == 3)
        #expect(try connection.number("SELECT count(note) FROM meta") == 0)
        #expect(try connection.number("SELECT count(*) FROM news") == 0)
    }

    @Test("A file with pages of another size is used with these")
    func pageSize() async throws {
        let scratch = try StateScratch()
        let first = try SQLiteStore(scratch.options())
        _ = first.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        await first.close()
        func size() throws -> Int64? {
            try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil).number("PRAGMA page_size")
        }
        #expect(try size() == Schema.pageSize)
        let other = 2 * Schema.pageSize
        try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil).execute(
            "PRAGMA journal_mode = DELETE; PRAGMA page_size = \(other); VACUUM")
        #expect(try size() == other)
        let second = try SQLiteStore(scratch.options())
        _ = second.append(.numbered(2), seq: 2, of: Self.alice, under: .forGood)
        try await second.flush()
        let page = try await second.read(Self.alice, after: 0, limit: 9, bytes: .max)
        #expect(page.events.map(\.event) == [.numbered(1), .numbered(2)])
        await second.close()
        #expect(try size() == other)
    }

    @Test("A way to a newer version that is cut off at any of its writes is gone again by the next start")
    func cutMigration() async throws {
        let scratch = try StateScratch()
        let first = try SQLiteStore(scratch.options())
        _ = first.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        let session = StoredSession(
            id: Self.alice, owner: nil, backend: "main", account: "a@example.com", epoch: "e", createdAt: 0,
            openedFrom: "::1", wantedStatus: "online", displayName: "a")
        try await first.commit([.put(session)], under: nil, .untilWritten)
        await first.close()
        let newer = Schema(
            version: 3,
            steps: [
                1: ["ALTER TABLE meta ADD COLUMN note TEXT", "UPDATE session SET state = 'ended'"],
                2: ["CREATE TABLE news (id INTEGER PRIMARY KEY) STRICT", "INSERT INTO news VALUES (7)"],
            ])
        var (writes, isCut) = (Int64(0), true)
        while isCut {
            let directory = try scratch.copy()
            let name = "migration-" + UUID().uuidString
            // It is there for good.
            let disk = unsafe try #require(sqlite_faults_make(name))
            unsafe sqlite_faults_fail_writes_after(disk, writes)
            var options = directory.options()
            options.vfs = name
            let cut = try? SQLiteStore(options, schema: newer)
            isCut = cut == nil
            // As it stands there at that moment.
            let found = try directory.copy()
            unsafe sqlite_faults_fail_writes_after(disk, -1)
            await cut?.close()
            let store = try SQLiteStore(found.options(), schema: newer)
            #expect(try await store.read(Self.alice, after: 0, limit: 9, bytes: .max).events.map(\.seq) == [1])
            await store.close()
            let connection = try SQLiteConnection(path: found.files.database, isNew: false, vfs: nil)
            #expect(try connection.number("PRAGMA user_version") == 3)
            #expect(try connection.number("SELECT count(note) FROM meta") == 0)
            #expect(try connection.number("SELECT count(*) FROM session WHERE state = 'ended'") == 1)
            #expect(try connection.number("SELECT id FROM news") == 7)
            writes += 1
        }
        #expect(writes > 2)
    }

    @Test("The tables are those that the records say")
    func schema() throws {
        // What was released stays as it is: whoever changes a table adds a version.
        let kinds: [RecordTable.Column.Kind: String] = [.integer: "INTEGER", .text: "TEXT", .bytes: "BLOB"]
        for kind in RecordTable.all {
            let columns = kind.table.columns.map {
                "\($0.name) \(kinds[$0.kind] ?? "")\($0.isOptional ? "" : " NOT NULL")"
            }
            let keys = kind.table.columns.prefix(kind.table.keys).map(\.name).joined(separator: ", ")
            let all = (columns + ["sum INTEGER NOT NULL", "PRIMARY KEY (\(keys))"]).joined(separator: ", ")
            let statement = "CREATE TABLE \(kind.table.name) (\(all)) STRICT, WITHOUT ROWID"
            #expect(Schema.first.contains(statement), "\(statement)")
        }
    }
}
