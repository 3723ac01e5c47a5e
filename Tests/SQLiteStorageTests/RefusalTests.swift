import Foundation
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// State directories that can't be used: they are refused with a sentence that names the file, and left as they are.
@Suite struct RefusalTests {
    static let alice = SessionID("alice-session")

    /// A directory with a database that was closed in good order.
    private func scratch() async throws -> StateScratch {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        for number in 1...500 {
            _ = store.append(.numbered(number, size: 200), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        try await store.commit(
            RecordContractTests.examples(of: Self.alice).map { .put($0) }, under: nil, .untilWritten)
        await store.close()
        return scratch
    }

    /// Changes bytes of the database.
    private func write(_ bytes: [UInt8], at offset: UInt64, of scratch: StateScratch) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: scratch.files.database))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    /// Expects the directory to be refused in such words, by a look that writes nothing.
    private func expectRefusal(of scratch: StateScratch, _ words: String) throws {
        let before = try scratch.contents(withAll: true)
        let error = #expect(throws: StoreError.self) { try SQLiteStore(scratch.options()) }
        guard case .refused(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains(words), "\(reason)")
        #expect(reason.contains(scratch.files.database), "\(reason)")
        try expect(scratch, isStill: before)
    }

    private func expect(_ scratch: StateScratch, isStill before: [String: Data]) throws {
        let after = try scratch.contents(withAll: true)
        #expect(after.keys.sorted() == before.keys.sorted())
        for (name, data) in before { #expect(after[name] == data, "\(name) is another") }
    }

    /// What a directory may consist of: after a stop, after a crash with and without SQLite's index, and a backup.
    enum Shape: CaseIterable {
        case stopped, killed, copied, bare, backup
    }

    private func scratch(_ shape: Shape, _ change: String) async throws -> StateScratch {
        let scratch = try await scratch()
        var isOpen: SQLiteConnection?
        do {
            let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
            try connection.execute(change)
            if shape != .killed, shape != .copied { _ = try connection.checkpoint() } else { isOpen = connection }
        }
        defer { withExtendedLifetime(isOpen) {} }
        let all = ["state.db", "state.db-wal", "state.db-shm", "state.lock"]
        switch shape {
        case .stopped, .killed: return try scratch.copy(of: all)
        case .copied: return try scratch.copy(of: ["state.db", "state.db-wal"])
        case .bare: return try scratch.copy(of: ["state.db"])
        case .backup:
            let backup = try StateScratch()
            try StateFiles.create(backup.files.database)
            let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
            try connection.run("VACUUM INTO ?", [.text(backup.files.database)])
            return backup
        }
    }

    @Test("A directory whose version is newer is left as it is, byte for byte", arguments: Shape.allCases)
    func newer(shape: Shape) async throws {
        let scratch = try await scratch(shape, "PRAGMA user_version = 7")
        try expectRefusal(
            of: scratch, "was written by a newer msnp-gateway (version 7 of its tables, and this program knows 1)")
        #expect(throws: StoreError.self) { try StateInspection(directory: scratch.path) }
    }

    @Test("A directory without one of the tables is left as it is, byte for byte", arguments: Shape.allCases)
    func lacking(shape: Shape) async throws {
        let scratch = try await scratch(shape, "DROP TABLE consumer")
        try expectRefusal(of: scratch, "no such table")
    }

    @Test(
        "A directory that was opened and handed nothing, as a start refuses its records, is left as it is, byte for byte",
        arguments: Shape.allCases)
    func handedNothing(shape: Shape) async throws {
        let scratch = try await scratch(shape, "UPDATE session SET state = 'sesame'")
        let before = try scratch.contents(withAll: true)
        var options = scratch.options()
        options.ballastBytes = 4_096
        let store = try SQLiteStore(options)
        _ = try? await store.load(StoredSession.self, of: nil)
        #expect(try await store.load(StoredToken.self, of: nil).count == 1)
        #expect(try await store.read(Self.alice, after: 0, limit: .max, bytes: .max).events.count == 500)
        await store.close()
        try expect(scratch, isStill: before)
        // Whoever comes next is no worse off.
        let next = try SQLiteStore(scratch.options())
        _ = next.append(.numbered(501), seq: 501, of: Self.alice, under: .forGood)
        try await next.flush()
        #expect(next.span(of: Self.alice).head == 501)
        await next.close()
    }

    @Test("A newer database")
    func newer() async throws {
        let scratch = try await scratch()
        try write([0, 0, 0, 9], at: 60, of: scratch)
        try expectRefusal(of: scratch, "newer msnp-gateway (version 9 of its tables, and this program knows 1)")
    }

    @Test("A newer database whose version stands in the WAL alone")
    func newerInWAL() async throws {
        let scratch = try await scratch()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        try connection.execute("PRAGMA user_version = 7")
        let copy = try scratch.copy()
        try expectRefusal(
            of: copy, "was written by a newer msnp-gateway (version 7 of its tables, and this program knows 1)")
    }

    @Test("A database of another program")
    func foreign() async throws {
        let scratch = try await scratch()
        try write([1, 2, 3, 4], at: 68, of: scratch)
        try expectRefusal(of: scratch, "was not made by msnp-gateway")
    }

    @Test("What is no database, or the beginning of one", arguments: ["", "SQLite format 3", "hello", "{}"])
    func noDatabase(text: String) throws {
        let scratch = try StateScratch()
        try Data(text.utf8).write(to: URL(filePath: scratch.files.database))
        chmod(scratch.files.database, 0o600)
        try expectRefusal(of: scratch, "is damaged")
    }

    @Test("A database that was cut off", arguments: [1, 100, 4_096, 40_960])
    func cut(length: Int) async throws {
        let scratch = try await scratch()
        truncate(scratch.files.database, off_t(length))
        try FileManager.default.removeItem(atPath: scratch.files.database + "-wal")
        try expectRefusal(of: scratch, "is damaged")
    }

    @Test("A damaged page of what says which tables there are")
    func damagedSchema() async throws {
        let scratch = try await scratch()
        try write([UInt8](repeating: 0xA5, count: 3_900), at: 100, of: scratch)
        try expectRefusal(of: scratch, "the file is damaged")
    }

    @Test("A WAL whose database is gone")
    func lonelyWAL() async throws {
        let scratch = try StateScratch()
        try Data("x".utf8).write(to: URL(filePath: scratch.files.database + "-wal"))
        try expectRefusal(of: scratch, "is missing")
    }

    @Test("A database that others can read")
    func open() async throws {
        let scratch = try await scratch()
        chmod(scratch.files.database, 0o640)
        try expectRefusal(of: scratch, "chmod 600")
    }

    @Test("A database of another user; root's is as good as one's own")
    func othersDatabase() async throws {
        let scratch = try await scratch()
        let mine = geteuid()
        try StateLook.checkOwner(scratch.files, as: mine)
        // Where the tests run as root, the file is given to somebody for whom root is not at work.
        if mine == 0 { try #require(chown(scratch.files.database, 1, 1) == 0) }
        let owner: uid_t = mine == 0 ? 1 : mine
        let error = #expect(throws: StoreError.self) { try StateLook.checkOwner(scratch.files, as: owner + 1) }
        guard case .refused(let reason)? = error else { return }
        #expect(reason.hasPrefix("\(scratch.files.database) belongs to user \(owner), and not to user \(owner + 1)"))
        if mine == 0 {
            try expectRefusal(of: scratch, "belongs to user 1, and not to user 0")
            try #require(chown(scratch.files.database, 0, 0) == 0)
            try StateLook.checkOwner(scratch.files, as: 4_711)
        }
    }

    @Test("What is no file")
    func directory() throws {
        let scratch = try StateScratch()
        try FileManager.default.createDirectory(atPath: scratch.files.database, withIntermediateDirectories: false)
        let error = #expect(throws: StoreError.self) { try SQLiteStore(scratch.options()) }
        #expect(error == .refused("\(scratch.files.database) is no file"))
    }

    @Test("A directory that another gateway uses, until it has ended")
    func second() async throws {
        let scratch = try StateScratch()
        let first = try SQLiteStore(scratch.options())
        let before = try scratch.contents(withAll: true)
        let error = #expect(throws: StoreError.self) { try SQLiteStore(scratch.options()) }
        #expect(error == .refused("another gateway uses \(scratch.path)"))
        try expect(scratch, isStill: before)
        // The first is none the worse for it.
        _ = first.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        try await first.flush()
        await first.close()
        let third = try SQLiteStore(scratch.options())
        #expect(third.span(of: Self.alice).head == 1)
        await third.close()
    }

    @Test("What was left of a database that was being made is passed over")
    func halfMade() async throws {
        let scratch = try StateScratch()
        try Data("half".utf8).write(to: URL(filePath: scratch.path + "/state.db.new"))
        let store = try SQLiteStore(scratch.options())
        await store.close()
        #expect(try !scratch.contents().keys.contains("state.db.new"))
    }

    @Test("All files are their owner's alone")
    func modes() async throws {
        let scratch = try StateScratch()
        var options = scratch.options()
        options.ballastBytes = 4_096
        let store = try SQLiteStore(options)
        try await store.commit(
            [.put(StoredConsumer(session: Self.alice, name: "bot", seq: 1))], under: nil, .untilWritten)
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: scratch.path + "/" + name)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
        await store.close()
    }

    // MARK: - Damage that is found later

    @Test("Damaged events are missed and counted, and the others are read", arguments: [3, 7, 11, 19, 29])
    func damagedPage(page: UInt64) async throws {
        let scratch = try await scratch()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        // The journal's pages are those that come last: of those tables that stand before it there is one page each.
        let pages = UInt64(try #require(try connection.number("PRAGMA page_count")))
        let size = UInt64(Schema.pageSize)
        try write([UInt8](repeating: 0xA5, count: Int(size)), at: (pages - page) * size, of: scratch)
        let store = try SQLiteStore(scratch.options())
        let read = try await store.read(Self.alice, after: 0, limit: .max, bytes: .max)
        #expect(read.events.count < 500)
        #expect(read.events.count > 400)
        #expect(read.damaged == 500 - read.events.count)
        #expect(read.through == 500)
        #expect(store.damagedEvents >= read.damaged)
        #expect(read.events.allSatisfy { $0.event == .numbered(Int($0.seq), size: 200) })
        await store.close()
        let report = try StateInspection(directory: scratch.path).check()
        // Of the last ones nobody knows any more how many there were.
        #expect(report.faults.contains { $0.contains("events can't be read") || $0.contains("events that were lost") })
    }

    @Test("A bit that flipped in an event is found")
    func flippedBit() async throws {
        let scratch = try await scratch()
        var data = try Data.ofFile(scratch.files.database)
        let place = try #require(data.range(of: Data(#"{"seq":250,"#.utf8)))
        data[place.upperBound + 30] ^= 1
        try write([data[place.upperBound + 30]], at: UInt64(place.upperBound + 30), of: scratch)
        let store = try SQLiteStore(scratch.options())
        let page = try await store.read(Self.alice, after: 248, limit: 3, bytes: .max)
        #expect(page.events.map(\.seq) == [249, 251])
        #expect(page.damaged == 1)
        #expect(store.damagedEvents == 1)
        await store.close()
    }

    @Test(
        "A row whose numbers are not what was written is missed and counted, and costs no other",
        arguments: ["second = second + 1000000", "seq = seq + 1000000", "session = session + 1"])
    func flippedNumber(change: String) async throws {
        let scratch = try await scratch()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        try connection.execute("UPDATE journal SET \(change) WHERE seq = 250")
        let inspection = try StateInspection(directory: scratch.path)
        #expect(
            inspection.check().faults == [
                "1 events can't be read, or are not what was written",
                "1 rows of the journal say what was not written",
            ])
        #expect(try inspection.export { _ in true } == 1)
        var options = scratch.options()
        options.retention.age = 100_000
        let store = try SQLiteStore(options)
        _ = store.append(.numbered(501), seq: 501, of: Self.alice, under: .forGood)
        try await store.flush()
        let page = try await store.read(Self.alice, after: 0, limit: .max, bytes: .max)
        #expect(page.events.map(\.seq) == (1...501).filter { $0 != 250 })
        #expect(page.damaged == 1)
        await store.close()
    }

    @Test("A start that refuses what it has read leaves the directory as it was, with all that there is to do in it")
    func refusedLater() async throws {
        let scratch = try await scratch()
        let before = try scratch.contents()
        var options = scratch.options()
        options.ballastBytes = 1 << 20
        let store = try SQLiteStore(options)
        _ = try await store.load(StoredToken.self, of: nil)
        await store.close()
        #expect(try scratch.contents() == before)
    }

    @Test("A record that is none is told by whoever loads it, with the place and not what stands there")
    func damagedRecord() async throws {
        let scratch = try await scratch()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        try connection.execute("UPDATE session SET state = 'sesame'")
        let store = try SQLiteStore(scratch.options())
        let error = await #expect(throws: StoreError.self) { try await store.load(StoredSession.self, of: nil) }
        #expect(error == .damaged("a row of session is not what was written"))
        let rows = try await store.rows(StoredSession.self, of: nil)
        #expect(rows.records.isEmpty)
        #expect(
            rows.faults.map(\.description) == [
                "a row of session is not what was written (session of \(Self.alice.text))"
            ])
        #expect(try await store.load(StoredToken.self, of: nil).count == 1)
        await store.close()
    }
}
