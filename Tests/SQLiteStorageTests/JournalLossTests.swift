import Foundation
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// Journals of which rows are missing although SQLite sees no damage.
@Suite(.timeLimit(.minutes(10))) struct JournalLossTests {
    static let pageSize = LostRows.pageSize

    @Test("Nothing is found where nothing was lost")
    func nothing() async throws {
        let lost = try await LostRows()
        #expect(try await lost.start(lost.scratch.copy(), "whole") == [])
        let report = try StateInspection(directory: lost.scratch.path).check()
        #expect(report.faults.isEmpty)
    }

    /// What a page can become.
    enum Spoiling: CaseIterable, Sendable {
        case zeroed, emptied, another, yesterdays, flipped
    }

    @Test(
        "Whatever becomes of a page, no number that was told is given again, and no event is missing without a word",
        arguments: Spoiling.allCases)
    func everyPage(spoiling: Spoiling) async throws {
        let lost = try await LostRows()
        let whole = try Data.ofFile(lost.scratch.files.database)
        let pages = whole.count / Self.pageSize
        func page(_ number: Int, of data: Data) -> Data {
            data.dropFirst(number * Self.pageSize).prefix(Self.pageSize)
        }
        var said = 0
        for number in 0..<pages {
            // The first begins with what tells whose file it is.
            let head = number == 0 ? 100 : 0
            let old = Array(page(number, of: whole))
            var news: [[UInt8]] = []
            switch spoiling {
            case .zeroed: news = [[UInt8](repeating: 0, count: Self.pageSize)]
            case .emptied:
                // Without rows: of a table, and of what has its key alone.
                news = [UInt8(0x0D), 0x0A].map { kind in
                    var bytes = [UInt8](repeating: 0, count: Self.pageSize)
                    (bytes[head], bytes[head + 5]) = (kind, UInt8(Self.pageSize >> 8))
                    return bytes
                }
            case .another: news = (0..<pages).filter { $0 != number }.map { Array(page($0, of: whole)) }
            case .yesterdays: news = [Array(page(number, of: lost.yesterday))].filter { $0.count == old.count }
            case .flipped:
                news = (Array(0..<12) + stride(from: 12, to: Self.pageSize - head, by: 331)).map { place in
                    var bytes = old
                    bytes[head + place] ^= 1 << (place % 8)
                    return bytes
                }
            }
            for (index, bytes) in news.enumerated() where bytes != old {
                let scratch = try lost.scratch.copy()
                try DamageTests.write(
                    Array(bytes.dropFirst(head)), at: number * Self.pageSize + head, of: scratch.files.database)
                if try await lost.start(scratch, "page \(number), \(spoiling) \(index)")?.isEmpty == false { said += 1 }
            }
        }
        #expect(said > 0, "something of it is found")
    }

    @Test(
        "Rows that are gone are missed, wherever they were",
        arguments: [
            "position > 80", "position BETWEEN 30 AND 40", "position < 30", "seq > 10", "true", "session = 3",
            "position = (SELECT max(position) FROM journal)",
        ])
    func rows(which: String) async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed("DELETE FROM journal WHERE \(which)")
        let faults = try #require(try await lost.start(scratch, which))
        #expect(faults.contains { $0.contains("rows that can be read") })
        #expect(faults.contains("another database was made of what can be read"))
        // It is whole again, and what is missing stays missing.
        #expect(try await lost.start(scratch.copy(), which, isMended: true) == [])
    }

    @Test("A directory that will be refused for a record is not put right before that")
    func refused() async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed("DELETE FROM journal WHERE position = 60; UPDATE session SET display_name = 'x'")
        let before = try scratch.contents()
        let store = try SQLiteStore(scratch.options())
        #expect(!store.faults.isEmpty)
        await #expect(throws: StoreError.self) { try await store.load(StoredSession.self, of: nil) }
        await store.close()
        #expect(try scratch.contents() == before)
    }

    @Test("Where a row is in the place of another it is missed")
    func exchanged() async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed(
            "DELETE FROM journal WHERE position = 60; UPDATE journal SET position = 60 WHERE position = 61")
        #expect(try await lost.start(scratch, "exchanged") != [])
    }

    @Test(
        "Events outlive what says whose they are",
        arguments: [
            "DELETE FROM journal_session", "DELETE FROM journal_session WHERE id = 'alice-session'",
            "DELETE FROM journal_session WHERE id = 'carol-session'", "UPDATE journal_session SET id = id || 'x'",
            "UPDATE journal_session SET head = 3", "UPDATE journal_session SET number = number + 100",
            "UPDATE journal_session SET reserved = 0", "DELETE FROM journal_session; DELETE FROM meta",
        ])
    func names(change: String) async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed(change)
        let store = try SQLiteStore(scratch.options())
        for (session, count) in [(LostRows.alice, 50), (LostRows.bob, 20)] {
            let page = try await store.read(session, after: 0, limit: .max, bytes: .max)
            #expect(page.events.count == count)
        }
        #expect(!store.faults.isEmpty)
        await store.close()
        try await lost.start(lost.changed(change), change)
        #expect(try await lost.start(scratch, change, isMended: true) == [])
    }

    @Test("Events of a session that nobody knows any more stay, for as long as events do")
    func nameless() async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed("DELETE FROM journal_session; DELETE FROM session WHERE id = 'bob-session'")
        for _ in 0..<3 {
            let store = try SQLiteStore(scratch.options())
            let strays = store.journals.filter { LostRows.told[$0] == nil }
            let stray = try #require(strays.first)
            #expect(strays.count == 1)
            let events = try await store.read(stray, after: 0, limit: .max, bytes: .max).events
            #expect(events.map(\.event) == (1...20).map { LostRows.event($0, LostRows.bob) })
            await store.close()
        }
        #expect(try StateInspection(directory: scratch.path).check().faults.contains("1 journals belong to no session"))
    }

    @Test(
        "What meta counts is looked at",
        arguments: [
            "DELETE FROM meta", "UPDATE meta SET position = 3", "UPDATE meta SET rows = rows + 1",
            "UPDATE meta SET row_marks = row_marks + 1", "UPDATE meta SET second = 4000000000",
            "UPDATE meta SET number = 0", "UPDATE meta SET id = 2",
        ])
    func meta(change: String) async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed(change)
        let report = try StateInspection(directory: scratch.path).check()
        #expect(report.faults.contains { $0.contains("the row of meta") })
        #expect(try #require(try await lost.start(scratch, change)).contains { $0.contains("the row of meta") })
        #expect(try await lost.start(scratch, change, isMended: true) == [])
    }

    @Test("A crash between the end of a session and the end of its rows is no loss")
    func removed() async throws {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        for number in 1...20 {
            _ = store.append(.numbered(number), seq: UInt64(number), of: LostRows.alice, under: .forGood)
        }
        try await store.flush()
        try await store.commit([.removeSession(LostRows.alice)], under: nil, .untilWritten)
        let killed = try scratch.copy()
        await store.close()
        let found = try SQLiteStore(killed.options())
        #expect(found.faults.isEmpty)
        #expect(found.journals.isEmpty)
        // What there is to tidy up waits until somebody has taken up what was found.
        found.note([], under: nil)
        await found.close()
        let connection = try SQLiteConnection(path: killed.files.database, isNew: false, vfs: nil)
        #expect(try connection.number("SELECT count(*) FROM journal") == 0)
        #expect(try connection.number("SELECT rows FROM meta") == 0)
    }

    @Test(
        "One lost row costs its event, and the next number of those alone whose last event is older",
        arguments: [(40, alice: 60, bob: 20, passed: 0), (94, alice: 60, bob: 21, passed: 1)])
    func oneRow(position: Int, alice: Int, bob: Int, passed: Int) async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed("DELETE FROM journal WHERE position = \(position)")
        let report = try StateInspection(directory: scratch.path).check()
        #expect(report.faults.contains("1 events can't be read, or are not what was written"))
        let store = try SQLiteStore(scratch.options())
        #expect(store.span(of: LostRows.alice).head == UInt64(alice))
        #expect(store.span(of: LostRows.bob).head == UInt64(bob))
        #expect(store.span(of: LostRows.carol).head == 8)
        #expect(store.figures.damagedEvents == 1)
        #expect(store.figures.passedOverNumbers == passed)
        await store.close()
    }

    @Test("Numbers that are passed over are no events that are lost, at this start and at the next")
    func passedOver() async throws {
        let lost = try await LostRows()
        let scratch = try lost.changed("DELETE FROM journal WHERE position IN (60, 61, 94)")
        let first = try SQLiteStore(scratch.options())
        let head = first.span(of: LostRows.alice).head
        #expect(head > 100, "nobody knows which rows were lost")
        #expect(first.figures.damagedEvents == 3)
        let passed = first.figures.passedOverNumbers
        #expect(passed > 100)
        let news = LostRows.event(Int(head) + 1, LostRows.alice)
        _ = first.append(news, seq: head + 1, of: LostRows.alice, under: .forGood)
        try await first.flush()
        await first.close()
        let report = try StateInspection(directory: scratch.path).check()
        #expect(
            report.faults == [
                "2 events can't be read, or are not what was written",
                "\(passed + 1) numbers of events are passed over, as events that were lost may have had them",
            ])
        let second = try SQLiteStore(scratch.options())
        #expect(second.faults.isEmpty)
        #expect(second.figures.damagedEvents == 2)
        #expect(second.figures.passedOverNumbers == passed + 1, "that of the last event among them")
        await second.close()
    }

    @Test("A mark leads back to its row", arguments: [1, 2, 3, 94, 1 << 40, .max] as [UInt64])
    func mark(row: UInt64) { #expect(RowSet.row(of: RowSet.mark(row)) == row) }
}
