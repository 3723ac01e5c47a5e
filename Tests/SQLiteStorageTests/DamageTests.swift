import Foundation
import Storage
import TestSupport
import Testing

@testable import SQLiteStorage

/// State directories of which something was damaged while nobody looked.
@Suite(.timeLimit(.minutes(5))) struct DamageTests {
    static let alice = SessionID("alice-session")
    static let bob = SessionID("bob-session")
    static let pageSize = Int(Schema.pageSize)

    /// What was told as written of a session.
    static let told = (1...60).map { EncodedEvent.numbered($0, size: 400) }

    /// A directory with two sessions' events and records, closed in good order; bob's come before alice's last.
    static func filled() async throws -> StateScratch {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        for (index, event) in told.enumerated() {
            _ = store.append(event, seq: UInt64(index + 1), of: alice, under: .forGood)
            if index < 20 { _ = store.append(event, seq: UInt64(index + 1), of: bob, under: .forGood) }
        }
        for session in [alice, bob] {
            try await store.commit(
                RecordContractTests.examples(of: session).map { .put($0) }, under: nil, .untilWritten)
        }
        await store.close()
        return scratch
    }

    static func pages(of scratch: StateScratch) throws -> Int {
        try Data.ofFile(scratch.files.database).count / pageSize
    }

    /// Changes bytes of a file.
    static func write(_ bytes: [UInt8], at offset: Int, of path: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    /// The page, counted from 0, with the row of the journal that was written last.
    static func lastPage(of scratch: StateScratch) throws -> Int {
        let data = try Data.ofFile(scratch.files.database)
        let place = try #require(data.range(of: Data(#"{"seq":60,"#.utf8), options: .backwards))
        return place.lowerBound / pageSize
    }

    /// Uses a store as a gateway would that was started on it: reads all, and goes on where its numbers do.
    ///
    /// Expects that nothing is read that was not written, that what is missing is counted, and that no number and no position is
    /// given again.
    static func goOn(_ store: SQLiteStore) async throws {
        for session in [alice, bob] {
            let span = store.span(of: session)
            let last = session == alice ? 60 : 20
            #expect(span.head >= last, "numbers of \(session.text) are given again")
            let page = try await store.read(session, after: 0, limit: .max, bytes: .max)
            #expect(page.events.allSatisfy { $0.seq <= last && $0.event == told[Int($0.seq) - 1] })
            #expect(page.events.count + page.damaged == Int(span.head - span.oldest))
            #expect(page.through == span.head)
        }
        let (next, position) = (store.span(of: alice).head + 1, store.lastPosition)
        #expect(position >= 80, "positions are given again")
        _ = store.append(.numbered(1_000), seq: next, of: alice, under: .forGood)
        try await store.flush()
        let news = try await store.read(alice, after: next - 1, limit: 9, bytes: .max)
        #expect(news.events.map(\.event) == [.numbered(1_000)])
        #expect(try #require(store.places().last).position > position)
    }

    @Test("Whichever page is damaged, the directory is refused by its file's name, or all goes on that can be read")
    func anyPage() async throws {
        let whole = try await Self.filled()
        for page in try 0..<Self.pages(of: whole) {
            let scratch = try whole.copy()
            // The header tells what the file is, and is looked at by itself.
            let spared = page == 0 ? 100 : 0
            try Self.write(
                [UInt8](repeating: 0xA5, count: Self.pageSize - spared), at: page * Self.pageSize + spared,
                of: scratch.files.database)
            let before = try Data.ofFile(scratch.files.database)
            switch await Self.start(scratch) {
            case .success(let store):
                try await Self.goOn(store)
                await store.close()
                // The file is whole again, or as whole as it was.
                let again = try SQLiteStore(scratch.options())
                #expect(again.span(of: Self.alice).head >= 61)
                await again.close()
            case .failure(.refused(let reason)), .failure(.damaged(let reason)):
                #expect(reason.contains(scratch.files.database), "\(reason)")
                #expect(try Data.ofFile(scratch.files.database) == before, "page \(page)")
            case .failure(let error): Issue.record("page \(page): \(error)")
            }
        }
    }

    /// Opens a directory and reads all records, as a gateway does when it starts.
    private static func start(_ scratch: StateScratch) async -> Result<SQLiteStore, StoreError> {
        do throws(StoreError) {
            let store = try SQLiteStore(scratch.options())
            do throws(StoreError) {
                for kind in RecordTable.all { try await load(kind, from: store) }
            } catch {
                await store.close()
                throw error
            }
            return .success(store)
        } catch {
            return .failure(error)
        }
    }

    private static func load<Record: StoredRecord>(_: Record.Type, from store: SQLiteStore) async throws(StoreError) {
        _ = try await store.load(Record.self, of: nil)
    }

    @Test("A damaged last page costs its events, and is in the way of no other")
    func lastPage() async throws {
        let scratch = try await Self.filled()
        let page = try Self.lastPage(of: scratch)
        try Self.write(
            [UInt8](repeating: 0, count: Self.pageSize), at: page * Self.pageSize, of: scratch.files.database)
        let store = try SQLiteStore(scratch.options())
        #expect(store.span(of: Self.alice).head > 60)
        #expect(store.damagedEvents > 0)
        try await Self.goOn(store)
        let heads = [Self.alice, Self.bob].map { store.span(of: $0).head }
        await store.close()
        #expect(try StateInspection(directory: scratch.path).check().faults.allSatisfy { $0.contains("events") })
        // What is missing stays missing, and nothing more is.
        let again = try SQLiteStore(scratch.options())
        #expect([Self.alice, Self.bob].map { again.span(of: $0).head } == heads)
        await again.close()
    }

    @Test(
        "The number of a spoiled last row is not given again, after any number of starts",
        arguments: [
            "second = second + 1000000", "seq = seq + 1000000", "session = session + 1", "sum = sum + (1 << 40)",
        ])
    func spoiledLast(change: String) async throws {
        let scratch = try await Self.filled()
        let connection = try SQLiteConnection(path: scratch.files.database, isNew: false, vfs: nil)
        try connection.execute("UPDATE journal SET \(change) WHERE position = 80")
        for _ in 0..<3 {
            let store = try SQLiteStore(scratch.options())
            #expect(store.span(of: Self.alice).head == 60)
            #expect(store.span(of: Self.bob).head == 20, "it was none of bob's")
            let page = try await store.read(Self.alice, after: 58, limit: 9, bytes: .max)
            #expect(page.events.map(\.seq) == [59])
            #expect(page.damaged == 1)
            #expect(store.lastPosition == 80)
            // Its row is deleted by then.
            await store.close()
        }
        let store = try SQLiteStore(scratch.options())
        try await Self.goOn(store)
        await store.close()
    }

    @Test("Damage that whoever writes finds is put right by the next start")
    func foundByWriting() async throws {
        let scratch = try StateScratch()
        var options = scratch.options()
        options.retention.events = 20
        let first = try SQLiteStore(options)
        for number in 1...500 {
            _ = first.append(.numbered(number, size: 400), seq: UInt64(number), of: Self.alice, under: .forGood)
            if number.isMultiple(of: 50) { try await first.flush() }
        }
        await first.close()
        // The first page of those that are free: no start looks at it, and the next event that needs one does.
        let header = try Data.ofFile(scratch.files.database).prefix(100)
        let trunk = header[32..<36].reduce(0) { $0 << 8 | Int($1) }
        try #require(trunk > 0)
        try Self.write(
            [UInt8](repeating: 0xA5, count: Self.pageSize), at: (trunk - 1) * Self.pageSize, of: scratch.files.database)
        let second = try SQLiteStore(options)
        let health = Recorder<StoreHealth>()
        second.onHealth { health.record($0) }
        _ = second.append(.numbered(501, size: 20_000), seq: 501, of: Self.alice, under: .forGood)
        _ = try await health.first { $0 == .failing("the file is damaged") }
        #expect(second.figures.failures == 1)
        let kept = try await second.read(Self.alice, after: 0, limit: .max, bytes: .max)
        #expect(kept.events.last?.seq == 500)
        await second.close()
        #expect(scratch.files.isMarkedDamaged)
        let third = try SQLiteStore(options)
        #expect(try await third.read(Self.alice, after: 0, limit: .max, bytes: .max) == kept)
        _ = third.append(.numbered(501, size: 20_000), seq: 501, of: Self.alice, under: .forGood)
        try await third.flush()
        await third.close()
        #expect(!scratch.files.isMarkedDamaged)
        #expect(try StateInspection(directory: scratch.path).check().faults == ["1 journals belong to no session"])
    }

    @Test(
        "A WAL that is cut anywhere, or of which a byte flipped, leaves the beginning of what was told, and it goes on")
    func wal() async throws {
        let scratch = try StateScratch()
        let store = try SQLiteStore(scratch.options())
        for number in 1...12 {
            _ = store.append(.numbered(number, size: 700), seq: UInt64(number), of: Self.alice, under: .forGood)
            try await store.flush()
        }
        let size = try Data.ofFile(scratch.files.database + "-wal").count
        var heads: Set<UInt64> = []
        for step in 0..<40 {
            // Odd steps cut, even ones flip; the places are spread over heads of frames, and over what is in them.
            let place = min(size - 1, step * size / 40 + step * 7)
            let torn = try scratch.copy()
            let wal = torn.files.database + "-wal"
            if step.isMultiple(of: 2) {
                let byte = try Data.ofFile(wal)[place]
                try Self.write([byte ^ 0x10], at: place, of: wal)
            } else {
                truncate(wal, off_t(place))
            }
            let found = try SQLiteStore(torn.options())
            let head = found.span(of: Self.alice).head
            heads.insert(head)
            let page = try await found.read(Self.alice, after: 0, limit: .max, bytes: .max)
            #expect(page.events.map(\.event) == (0..<Int(head)).map { .numbered($0 + 1, size: 700) })
            _ = found.append(.numbered(99), seq: head + 1, of: Self.alice, under: .forGood)
            try await found.flush()
            await found.close()
            #expect(try StateInspection(directory: torn.path).check().faults == ["1 journals belong to no session"])
        }
        #expect(heads.count > 5, "\(heads)")
        await store.close()
    }

    @Test(
        "Copies of a directory whose files are of different moments are refused, or hold nothing that was not written")
    func copiedWhileRunning() async throws {
        let scratch = try StateScratch()
        var options = scratch.options()
        options.retention.events = 300
        let store = try SQLiteStore(options)
        var number = 0
        func append(_ count: Int) async throws {
            for _ in 0..<count {
                number += 1
                _ = store.append(.numbered(number, size: 400), seq: UInt64(number), of: Self.alice, under: .forGood)
            }
            try await store.flush()
        }
        for round in 0..<8 {
            try await append(100)
            let copy = try StateScratch()
            try FileManager.default.copyItem(atPath: scratch.files.database, toPath: copy.files.database)
            // In between the WAL begins anew, over and over, as a session is written.
            for _ in 0..<round {
                try await append(150)
                try await store.commit(
                    RecordContractTests.examples(of: Self.alice).map { .put($0) }, under: nil, .untilWritten)
            }
            try FileManager.default.copyItem(
                atPath: scratch.files.database + "-wal", toPath: copy.files.database + "-wal")
            do throws(StoreError) {
                let found = try SQLiteStore(copy.options())
                let page = try await found.read(Self.alice, after: 0, limit: .max, bytes: .max)
                #expect(page.events.allSatisfy { $0.event == .numbered(Int($0.seq), size: 400) })
                await found.close()
            } catch {
                guard case .refused(let reason) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(reason.contains(copy.files.database))
            }
        }
        await store.close()
    }
}
