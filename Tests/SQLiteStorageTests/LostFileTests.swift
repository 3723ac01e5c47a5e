import Foundation
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// Files that somebody takes away, before a start or while they are used.
@Suite(.timeLimit(.minutes(5))) struct LostFileTests {
    static let alice = SessionID("alice-session")

    /// The directory as `kill -9` would leave it now, with what notes how far it has come.
    private static func killed(_ scratch: StateScratch) throws -> StateScratch {
        let copy = try scratch.copy()
        try FileManager.default.copyItem(atPath: scratch.files.lock, toPath: copy.files.lock)
        return copy
    }

    @Test("A WAL that is lost or cut after a crash is said, and no number is given again", arguments: [nil, 3, 2])
    func lostWAL(part: Int?) async throws {
        let scratch = try StateScratch()
        let first = try SQLiteStore(scratch.options())
        for number in 1...10 {
            _ = first.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
        }
        await first.close()
        let store = try SQLiteStore(scratch.options())
        for number in 11...400 {
            _ = store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
            if number.isMultiple(of: 50) { try await store.flush() }
        }
        try await store.flush()
        let killed = try Self.killed(scratch)
        await store.close()
        let copy = try Self.killed(killed)
        let whole = try SQLiteStore(copy.options())
        #expect(whole.faults.isEmpty)
        #expect(whole.span(of: Self.alice).head == 400)
        await whole.close()
        let log = killed.files.database + "-wal"
        if let part {
            truncate(log, off_t(try Data.ofFile(log).count / part))
        } else {
            try FileManager.default.removeItem(atPath: log)
        }
        let report = try StateInspection(directory: killed.path).check()
        #expect(report.faults.contains { $0.contains("what was written last is not there") })
        let found = try SQLiteStore(killed.options())
        #expect(found.faults.contains { $0.contains("what was written last is not there") })
        let head = found.span(of: Self.alice).head
        #expect(head >= 400)
        #expect(found.lastPosition >= 400)
        let page = try await found.read(Self.alice, after: 0, limit: .max, bytes: .max)
        #expect(page.events.count < 400)
        #expect(page.events.count + page.damaged == Int(head))
        _ = found.append(.numbered(401), seq: head + 1, of: Self.alice, under: .forGood)
        try await found.flush()
        await found.close()
        let again = try SQLiteStore(killed.options())
        #expect(again.faults.isEmpty)
        #expect(again.span(of: Self.alice).head == head + 1)
        await again.close()
    }

    @Test("A directory that begins anew has nothing to go on from")
    func anew() async throws {
        let scratch = try StateScratch()
        for _ in 0..<2 {
            let store = try SQLiteStore(scratch.options())
            #expect(store.isNew)
            #expect(store.faults.isEmpty)
            for number in 1...10 {
                _ = store.append(.numbered(number), seq: UInt64(number), of: Self.alice, under: .forGood)
            }
            await store.close()
            StateFiles.removeDatabase(scratch.files.database)
        }
    }

    @Test("Nothing is told as written once the files are not those of their names", arguments: ["", "-wal"])
    func moved(suffix: String) async throws {
        let (scratch, clock) = (try StateScratch(), HandClock())
        let store = try SQLiteStore(scratch.options(clock))
        let health = Recorder<StoreHealth>()
        store.onHealth { health.record($0) }
        _ = store.append(.numbered(1), seq: 1, of: Self.alice, under: .forGood)
        try await store.flush()
        let path = scratch.files.database + suffix
        try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        // Others in their place are no better.
        _ = FileManager.default.createFile(atPath: path, contents: Data())
        clock.advance(by: 1)
        _ = store.append(.numbered(2), seq: 2, of: Self.alice, under: .forGood)
        _ = try await health.first {
            $0 == .failing("its files were moved, removed or replaced while it is used")
        }
        #expect(store.span(of: Self.alice).head == 1)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".old", toPath: path)
        _ = try await health.first { $0 == .good }
        try await store.flush()
        #expect(store.span(of: Self.alice).head == 2)
        await store.close()
        let again = try SQLiteStore(scratch.options(clock))
        #expect(again.faults.isEmpty)
        #expect(again.span(of: Self.alice).head == 2)
        await again.close()
    }
}
