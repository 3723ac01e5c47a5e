import Digests
import Encodings
import Foundation
import Storage
import Testing

@testable import SQLiteStorage

/// Looking at a state directory from outside, and what no look may find.
@Suite struct InspectionTests {
    static let alice = SessionID("alice-session")

    private func filled(_ scratch: StateScratch) async throws -> SQLiteStore {
        let store = try SQLiteStore(scratch.options())
        for number in 1...50 {
            _ = store.append(.numbered(number, size: 500), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        try await store.commit(
            (RecordContractTests.examples(of: Self.alice) + RecordContractTests.examplesOfKey()).map { .put($0) },
            under: nil, .untilWritten)
        return store
    }

    @Test("A check counts what is there, while a gateway runs and after it")
    func check() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        for isRunning in [true, false] {
            if !isRunning { await store.close() }
            let report = try StateInspection(directory: scratch.path).check()
            #expect(report.faults.isEmpty)
            #expect(report.events == 50)
            #expect(report.sealed.values.reduce(0, +) == 2)
            #expect(report.records.first { $0.table == "contact" }?.count == 2)
            #expect(report.bytes > 0)
        }
    }

    @Test("A check says what belongs to nobody")
    func strays() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        try await store.commit(
            [.put(StoredConsumer(session: SessionID("nobody"), name: "bot", seq: 1))], under: nil, .untilWritten)
        let report = try StateInspection(directory: scratch.path).check()
        #expect(report.faults == ["1 rows of consumer belong to no session"])
        await store.close()
    }

    @Test(
        "A check says what is not of this program, and what is missing",
        arguments: [
            (
                "CREATE TRIGGER t AFTER INSERT ON token BEGIN DELETE FROM session; END",
                "the trigger t is not of this program"
            ),
            ("CREATE VIEW v AS SELECT 1", "the view v is not of this program"),
            ("CREATE INDEX i ON journal (seq)", "the index i is not of this program"),
            ("CREATE TABLE x (y)", "the table x is not of this program"),
        ])
    func foreign(change: String, fault: String) async throws {
        let scratch = try StateScratch()
        await (try await filled(scratch)).close()
        try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil).execute(change)
        let faults = try StateInspection(directory: scratch.path).check().faults
        #expect(faults == ["\(scratch.files.database): \(fault)"])
    }

    @Test("A record that is not what was written is told, is in no export and is still there")
    func flipped() async throws {
        let scratch = try StateScratch()
        await (try await filled(scratch)).close()
        try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
            .execute("UPDATE token SET used = used + 1; UPDATE contact SET display_name = 'sesame' WHERE lists = 0")
        let inspection = try StateInspection(directory: scratch.path)
        let report = inspection.check()
        #expect(
            report.faults == [
                "a row of contact is not what was written (contact of alice-session)",
                "a row of token is not what was written (token of alice-session)",
            ])
        #expect(report.records.first { $0.table == "contact" }?.count == 2)
        var tables: [String] = []
        let missed = try inspection.export { row in
            tables.append(row.table)
            return true
        }
        #expect(missed == 2)
        #expect(tables.count { $0 == "contact" } == 1 && !tables.contains("token"))
    }

    @Test("A backup is of one moment, whole, its owner's alone, and a state directory's database by itself")
    func backup() async throws {
        let (scratch, copy) = (try StateScratch(), try StateScratch())
        let store = try await filled(scratch)
        let writing = Task {
            for number in 51...400 {
                _ = store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
                if number.isMultiple(of: 10) { try await store.flush() }
            }
        }
        try StateInspection(directory: scratch.path).backup(to: copy.files.database)
        try await writing.value
        let mode = try FileManager.default.attributesOfItem(atPath: copy.files.database)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try StateInspection(directory: copy.path).check().faults.isEmpty)
        let restored = try SQLiteStore(copy.options())
        let events = try await restored.read(Self.alice, after: 0, limit: .max, bytes: .max).events
        #expect(events.count >= 50)
        #expect(events.map(\.seq) == (1...restored.span(of: Self.alice).head).map(\.self))
        #expect(try await restored.load(StoredSession.self, of: nil).count == 1)
        await restored.close()
        await store.close()
        // No file is written over.
        #expect(throws: StoreError.self) {
            try StateInspection(directory: scratch.path).backup(to: copy.files.database)
        }
    }

    @Test("An export has each record and each event, and no password")
    func export() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        var (tables, events, names) = ([String](), [[UInt8]](), Set<String>())
        try StateInspection(directory: scratch.path).export { row in
            tables.append(row.table)
            names.formUnion(row.members.map(\.name))
            if let event = row.event { events.append(event) }
            return true
        }
        #expect(events == (1...50).map { EncodedEvent.numbered($0, size: 500).json })
        #expect(tables.count { $0 == "contact" } == 2)
        #expect(!names.contains("sealed"))
        await store.close()
    }

    @Test("Between two lines of an export the log can be emptied, and events that are let go meanwhile are not missed")
    func exportBesideWriter() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        let inspection = try StateInspection(directory: scratch.path)
        let other = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        var (tables, seqs) = ([String](), [Int64]())
        let missed = try inspection.export { row in
            tables.append(row.table)
            if case .integer(let seq)? = row.members.first(where: { $0.name == "seq" })?.value, row.event != nil {
                seqs.append(seq)
            }
            do {
                // A writer writes, deletes, and empties the log, whenever the reader of the export pauses.
                try other.execute(
                    """
                    UPDATE meta SET second = second + 1;
                    DELETE FROM journal WHERE seq = 40;
                    """)
                try other.put(StoredConsumer(session: SessionID("alice-session"), name: "zz", seq: 1))
                #expect(try other.checkpoint(), "\(row.table)")
            } catch {
                Issue.record(error)
            }
            return true
        }
        #expect(missed == 0)
        #expect(seqs == (1...50).filter { $0 != 40 })
        #expect(tables.count { $0 == "contact" } == 2)
        await store.close()
    }

    @Test("An export has each record once, however many pages there are", arguments: [-1, 0, 1])
    func pages(more: Int) async throws {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        let count = 2 * StateInspection.page + more
        let records = (0..<count).map { number in
            StoredConsumer(session: SessionID("s\(number % 7)"), name: "n\(number)", seq: 1)
        }
        store.note(records.map { .put($0) }, under: nil)
        try await store.flush()
        var names: [StoredValue] = []
        try StateInspection(directory: scratch.path).export { row in
            names += row.members.filter { $0.name == "name" }.map(\.value)
            return true
        }
        #expect(names.count == count)
        #expect(Set(names).count == count)
        await store.close()
    }

    @Test("Where the journal can't be read an export has the records all the same")
    func exportWithoutJournal() async throws {
        let scratch = try StateScratch()
        await (try await filled(scratch)).close()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        let root = try connection.number("SELECT rootpage FROM sqlite_schema WHERE name = 'journal_session'")
        let file = try FileHandle(forWritingTo: URL(filePath: scratch.files.database))
        try file.seek(toOffset: UInt64(try #require(root) - 1) * UInt64(Schema.pageSize))
        try file.write(contentsOf: Data(repeating: 0xA5, count: Int(Schema.pageSize)))
        try file.close()
        var tables: [String] = []
        _ = try? StateInspection(directory: scratch.path).export { row in
            tables.append(row.table)
            return true
        }
        #expect(tables.count { $0 == "contact" } == 2)
        #expect(tables.contains("session"))
    }

    // MARK: - Where nothing can be written

    /// Looks at a directory as at one to which nothing can be written, and expects that nothing is.
    private func expectReadable(_ scratch: StateScratch, events: Int) throws {
        let (before, copy) = (try scratch.contents(withAll: true), try StateScratch())
        let inspection = try StateInspection(directory: scratch.path, isReadOnly: true)
        let report = inspection.check()
        #expect(report.faults.isEmpty)
        #expect(report.events == events)
        var exported = 0
        let missed = try inspection.export { row in
            exported += row.event == nil ? 0 : 1
            return true
        }
        #expect(missed == 0)
        #expect(exported == events)
        try inspection.backup(to: copy.files.database)
        #expect(try StateInspection(directory: copy.path).check().events == events)
        #expect(try scratch.contents(withAll: true) == before)
    }

    @Test("A backup, and a directory after a stop, can be looked at where nothing can be written")
    func readOnly() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        let backup = try StateScratch()
        try StateInspection(directory: scratch.path).backup(to: backup.files.database)
        chmod(backup.files.database, 0o444)
        try expectReadable(backup, events: 50)
        await store.close()
        try expectReadable(try scratch.copy(of: ["state.db", "state.db-wal", "state.lock"]), events: 50)
        try expectReadable(try scratch.copy(of: ["state.db"]), events: 50)
    }

    @Test("What a crash left in the log is never passed over where nothing can be written")
    func readOnlyLog() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        let copy = try scratch.copy()
        let before = try copy.contents(withAll: true)
        let error = #expect(throws: StoreError.self) { try StateInspection(directory: copy.path, isReadOnly: true) }
        guard case .refused(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains(copy.path), "\(reason)")
        #expect(reason.contains("copy the directory to where it can be written to"), "\(reason)")
        #expect(try copy.contents(withAll: true) == before)
        // With SQLite's index of it there it can be read.
        let whole = try scratch.copy(of: ["state.db", "state.db-wal", "state.db-shm", "state.lock"])
        #expect(try StateInspection(directory: whole.path, isReadOnly: true).check().events == 50)
        await store.close()
    }

    @Test("Beside a gateway a directory is not taken for one that nobody writes to")
    func readOnlyBesideWriter() async throws {
        let scratch = try StateScratch()
        let store = try await filled(scratch)
        let other = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        #expect(try other.checkpoint())
        #expect(!StateStillness(scratch.files).isProven)
        let inspection = try StateInspection(directory: scratch.path, isReadOnly: true)
        #expect(inspection.check().faults.isEmpty)
        _ = store.append(.numbered(51), seq: 51, of: Self.alice, under: .forGood)
        try await store.flush()
        #expect(inspection.check().events == 51)
        await store.close()
    }

    @Test("A directory to which somebody writes after all is told")
    func readOnlyNoLonger() async throws {
        let scratch = try StateScratch()
        await (try await filled(scratch)).close()
        let inspection = try StateInspection(directory: scratch.path, isReadOnly: true)
        let store = try SQLiteStore(scratch.options())
        _ = store.append(.numbered(51), seq: 51, of: Self.alice, under: .forGood)
        try await store.flush()
        #expect(inspection.check().faults == ["\(scratch.path) was written to while it was read; do it again"])
        let copy = try StateScratch()
        #expect(throws: StoreError.self) { try inspection.backup(to: copy.files.database) }
        #expect(try copy.contents().isEmpty)
        #expect(throws: StoreError.self) { try inspection.export { _ in true } }
        await store.close()
    }

    @Test("A directory without state has nothing to look at")
    func nothing() throws {
        let scratch = try StateScratch()
        let error = #expect(throws: StoreError.self) { try StateInspection(directory: scratch.path) }
        #expect(error == .refused("\(scratch.files.database): there is no state yet"))
        #expect(try scratch.contents().isEmpty)
    }

    @Test("No password is in any file, in any form, and no sealed one once its session has ended")
    func secrets() async throws {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        let keys = try SealingKeys(file: SealingKeys.makeLine())
        let passwords = (1...40).map { "sesame-open-\($0)-\(UUID().uuidString)" }
        var sealed: [[UInt8]] = []
        for (index, password) in passwords.enumerated() {
            var session = StoredSession(
                id: SessionID("session \(index)"), owner: nil, backend: "main", account: "a\(index)@example.com",
                epoch: "e", createdAt: 0, openedFrom: "::1", wantedStatus: "online", displayName: "a")
            let password = keys.seal(Secret(password), for: SealingContext(session))
            session.sealed = password
            sealed.append(password.bytes)
            store.note([.put(session)], under: nil)
            for number in 1...5 {
                _ = store.append(.numbered(number, size: 300), seq: UInt64(number), of: session.id, under: .forGood)
            }
            try await store.flush()
        }
        func contains(_ needle: [UInt8]) throws -> Bool {
            try scratch.contents().values.contains { $0.range(of: Data(needle)) != nil }
        }
        for password in passwords {
            let bytes = Array(password.utf8)
            for form in [
                bytes, Array(Hexadecimal.encode(bytes).utf8), Array(Base64.encode(bytes, .standard).utf8.prefix(40)),
            ] {
                #expect(try !contains(form))
            }
        }
        #expect(try contains(sealed[0]), "the looking would find it")
        // Half of them end, half are gone for good.
        for (index, session) in try await store.load(StoredSession.self, of: nil).enumerated() {
            var ended = session
            ended.sealed = nil
            store.note([index.isMultiple(of: 2) ? .put(ended) : .removeSession(session.id)], under: nil)
        }
        await store.close()
        for bytes in sealed { #expect(try !contains(Array(bytes.suffix(24)))) }
        #expect(try StateInspection(directory: scratch.path).check().faults.isEmpty)
    }

    @Test("No sealed secret of a webhook is in any file a minute after it was deleted, while the store goes on")
    func deletedWebhook() async throws {
        let (scratch, clock) = (try StateScratch(), HandClock())
        let store = try SQLiteStore(scratch.options(clock))
        var webhook = StoredWebhook(id: "wh_1", owner: "k", url: "https://example.com/", createdAt: 0)
        let sealed = try SealingKeys(file: SealingKeys.makeLine()).seal(
            Secret("a secret of 24 bytes or so"), for: SealingContext(webhook))
        webhook.sealed = sealed
        func isThere() throws -> Bool {
            try scratch.contents().values.contains { $0.range(of: Data(sealed.bytes.suffix(24))) != nil }
        }
        /// What is put in order beside traffic is done with the commit of the last.
        func passMinute() async throws {
            clock.advance(by: 61)
            for _ in 1...2 {
                try await store.commit([.put(StoredFeed(owner: "k", epoch: "e", gone: 0))], under: nil, .untilWritten)
            }
        }
        store.note([.put(webhook)], under: nil)
        try await passMinute()
        #expect(try isThere())
        store.note([.remove(webhook.key)], under: nil)
        try await passMinute()
        #expect(try !isThere())
        await store.close()
    }
}
