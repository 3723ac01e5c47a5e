import Foundation
import HTTPFront
import Locking
import Logging
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway
@testable import GatewayService
@testable import SQLiteStorage

/// State directories in which one column of one row is absurd: a start refuses them, and a check says why.
@Suite(.timeLimit(.minutes(5))) struct EveryColumnTests {
    private static let alice = SessionID("alice-session-16")
    private static let bob = SessionID("bob-session-is-1")

    /// One of each kind, with all columns filled.
    private static func records(of id: SessionID, _ number: UInt8) throws -> [any StoredRecord] {
        var session = StoredSession(
            id: id, owner: "key\(number)", backend: "main", account: "a\(number)@example.com", epoch: "Yk2vQ8-a",
            createdAt: 1_700_000_000_000, openedFrom: "2001:db8::1", wantedStatus: "busy", displayName: "A")
        session.isKept = true
        session.sealed = SealedPassword(key: try #require(SealingKeyID("k")), bytes: .init(repeating: 7, count: 40))
        var phones = StoredPhones()
        phones.home = "1"
        phones.work = "2"
        phones.mobile = "3"
        phones.mobileMessaging = true
        phones.mobileEnabled = false
        var settings = StoredSettings(session: id, privacy: "AL", addPrompt: "A", version: 7, phones: phones)
        settings.dialect = 6
        settings.spelling = "A@example.com"
        settings.verified = true
        var message = StoredMessage(session: id, number: 5, text: "x", sentAt: 1_700_000_000_000, outcome: "failed")
        message.conversation = 1
        message.format = "FN=Arial"
        message.clientRef = "mine"
        message.reason = "notOnline"
        message.partial = 3
        message.settled = 1
        var call = StoredCall(
            session: id, scope: .init(repeating: number, count: 32), body: .init(repeating: 2, count: 32), begunAt: 1)
        call.message = 5
        call.answer = KeptAnswer.bytes(of: .success(Response(status: 204)))
        var webhook = StoredWebhook(
            id: id.text, owner: "key\(number)", url: "https://example.com/\(number)", createdAt: 1_700_000_000_000)
        webhook.types = "message.received"
        webhook.sessions = id.text
        webhook.disabled = "byOwner"
        webhook.disabledAt = 1_700_000_000_000
        webhook.previousUntil = 1_700_000_000_000
        webhook.sealed = SealedPassword(key: try #require(SealingKeyID("k")), bytes: .init(repeating: 7, count: 40))
        var delivery = StoredDelivery(webhook: id.text, position: 2)
        delivery.loss = .events(1)
        delivery.failures = 1
        delivery.failingSince = 1_700_000_000_000
        delivery.failingFor = 1
        delivery.last = StoredDelivery.Attempt(at: 1_700_000_000_000, outcome: "status", status: 500, duration: 1)
        delivery.batch = StoredDelivery.Batch(
            id: "msg_1", through: 3, events: 1, digest: .init(repeating: 3, count: 32), madeAt: 1_700_000_000_000,
            firstAt: 1_700_000_000_000, types: "message.received", sessions: id.text)
        return [
            session, settings,
            StoredContact(
                session: id, account: "c@example.com", spelling: "C@example.com", displayName: "C", lists: 3,
                phones: phones),
            StoredConversation(session: id, number: 1, createdAt: 1, lastMessageAt: 2, isGroup: true),
            StoredParticipant(
                session: id, conversation: 1, account: "c@example.com", spelling: "C@example.com", displayName: "C",
                place: 0),
            message, StoredToken(session: id, digest: .init(repeating: number, count: 32), used: 1),
            StoredConsumer(session: id, name: "bot", seq: 2),
            StoredNumbers(session: id, kind: .messages, through: 256), call,
            StoredFeed(owner: "key\(number)", epoch: "abcdefgh", gone: 1),
            StoredFeedConsumer(owner: "key\(number)", name: "bot", position: 2), webhook, delivery,
        ]
    }

    /// A directory with two sessions, in whose tables anything can stand.
    private static func directory(_ scratch: ScratchDirectory) async throws -> String {
        let path = scratch.path + "/whole"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let store = try SQLiteStore(options(path))
        for (number, id) in [(UInt8(1), alice), (2, bob)] {
            for seq in 1...3 {
                let event = EncodedEvent(type: "typing", json: Array(#"{"seq":\#(seq)}"#.utf8))
                _ = store.append(event, seq: UInt64(seq), of: id, under: Tenure())
            }
            try await store.commit(records(of: id, number).map { .put($0) }, under: nil, .untilWritten)
        }
        await store.close()
        let connection = try SQLiteConnection(path: path + "/state.db", isNew: false, vfs: nil)
        for kind in RecordTable.all {
            // Without what the engine would refuse: a flipped bit asks nobody.
            let name = kind.table.name
            try connection.execute(
                "CREATE TABLE x AS SELECT * FROM \(name); DROP TABLE \(name); ALTER TABLE x RENAME TO \(name)")
        }
        _ = try connection.checkpoint()
        return path
    }

    private static func options(_ path: String) -> SQLiteOptions {
        var options = SQLiteOptions(directory: path)
        options.ballastBytes = 0
        return options
    }

    /// What may stand where something else belongs.
    private static let absurd: [StoredValue] = [
        .null, .integer(-1), .integer(.max), .integer(.min), .text(""), .text("sesame\u{1}\n é"),
        .text(String(repeating: "x", count: 20_000)), .bytes([0xFF, 0, 0xFE]),
    ]

    /// Puts a value into a column of alice's row; false where it is there already.
    private static func put(
        _ value: StoredValue, _ column: Int, of table: RecordTable, in connection: SQLiteConnection, isSummed: Bool
    ) throws -> Bool {
        let holder: StoredValue = table.columns[0].name == "owner" ? .text("key1") : .text(alice.text)
        let row = try connection.number(
            "SELECT rowid FROM \(table.name) WHERE \(table.columns[0].name) = ?", [holder])
        func values() throws -> [StoredValue] {
            var found: [StoredValue]?
            try connection.rows("\(SQL.select(table)) WHERE rowid = ?", [StoredValue(row)]) { row throws(SQLiteError) in
                found = row.values(table.columns.count)
            }
            return try #require(found)
        }
        let before = try values()
        try connection.run(
            "UPDATE \(table.name) SET \(table.columns[column].name) = ? WHERE rowid = ?", [value, StoredValue(row)])
        let after = try values()
        guard after != before else { return false }
        if isSummed {
            let sum = StoredValue.integer(RecordSum.of(after, in: table))
            try connection.run("UPDATE \(table.name) SET sum = ? WHERE rowid = ?", [sum, StoredValue(row)])
        }
        return true
    }

    /// What a start says that goes on, and what one is refused with.
    private struct Started {
        var warnings: [String] = []
        var refusal: String?
    }

    private static func start(_ path: String, _ runtime: ClientRuntime) async throws -> Started {
        let lines = Recorder<String>()
        let logger = Logger(label: "test") { _ in WarningHandler(lines: lines) }
        let store = try SQLiteStore(options(path))
        let gateway = try Gateway(
            GatewayConfiguration(
                backends: [BackendConfiguration(name: "main", address: ServerAddress(host: "127.0.0.1", port: 1))],
                listensOnLoopback: true),
            runtime: runtime, logger: logger, state: StateKeeper(store: store))
        do throws(StoreError) {
            try await gateway.restore()
        } catch {
            await store.close()
            return Started(warnings: lines.all, refusal: "\(error)")
        }
        let session = try #require(gateway.registry.session(bob.text), "bob is there")
        let digest = try #require(TokenDigest(bytes: .init(repeating: 2, count: 32)))
        if case .session(let found) = gateway.registry.find(digest) {
            #expect(found === session)
        } else {
            Issue.record("bob's token is gone")
        }
        try await store.flush()
        let journals = Set(store.journals.map(\.text))
        #expect(journals.isSuperset(of: [alice.text, bob.text]), "nothing of anybody was deleted")
        await store.close()
        return Started(warnings: lines.all)
    }

    @Test("A start refuses what is not what was written or not what belongs there, and a check says what a start says")
    func everyColumn() async throws {
        let scratch = try ScratchDirectory()
        let whole = try await Self.directory(scratch)
        let runtime = try ClientRuntime(loops: 1)
        let administration = try StateAdministration(state: whole, environment: [:])
        #expect(try await administration.check().faults == [])
        var cases = 0
        for kind in RecordTable.all {
            for (column, _) in kind.table.columns.enumerated() {
                for (index, value) in Self.absurd.enumerated() {
                    for isSummed in index == 1 ? [true, false] : [true] {
                        cases += 1
                        try await check(value, column, kind.table, isSummed, whole, scratch.path + "/\(cases)", runtime)
                    }
                }
            }
        }
        #expect(cases > 600, "all columns of all tables")
        await runtime.shutdown()
    }

    private func check(
        _ value: StoredValue, _ column: Int, _ table: RecordTable, _ isSummed: Bool, _ whole: String, _ path: String,
        _ runtime: ClientRuntime
    ) async throws {
        try FileManager.default.copyItem(atPath: whole, toPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let connection = try SQLiteConnection(path: path + "/state.db", isNew: false, vfs: nil)
        guard try Self.put(value, column, of: table, in: connection, isSummed: isSummed) else { return }
        let place = "\(table.name).\(table.columns[column].name) = \("\(value)".prefix(40)), summed: \(isSummed)"
        let faults = try await StateAdministration(state: path, environment: [:]).check().faults
        if !isSummed { #expect(!faults.isEmpty, "\(place)") }
        #expect(!faults.contains { $0.contains("sesame") || $0.utf8.count > 1_000 }, "\(place)")
        // Of what a check finds one for each column is enough; what is taken may do anything.
        guard faults.isEmpty || !isSummed else { return }
        do {
            let started = try await Self.start(path, runtime)
            let said = started.warnings + [started.refusal].compactMap(\.self)
            if isSummed { #expect(started.refusal == nil, "\(place): no check finds it") }
            if !isSummed {
                #expect(started.refusal?.contains("state.db") == true, "\(place): it names the file, \(said)")
                #expect(try await StateAdministration(state: path, environment: [:]).check().faults == faults)
            }
            #expect(said.isEmpty || !faults.isEmpty, "\(place): \(said)")
            #expect(!said.contains { $0.contains("sesame") }, "\(place)")
        } catch {
            Issue.record("\(place): \(error)")
        }
    }
}

/// Keeps the lines that an operator is warned with.
private struct WarningHandler: LogHandler {
    let lines: Recorder<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.record("\(event.message) \(event.metadata ?? [:])") }
}
