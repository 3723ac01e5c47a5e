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
}
