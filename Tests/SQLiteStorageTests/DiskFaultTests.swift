import Foundation
import SQLiteFaults
import SQLiteStorage
import Storage
import TestSupport
import Testing

/// A disk that is full, fails, can't be written to or is slow.
@Suite struct DiskFaultTests {
    static let alice = SessionID("alice-session")

    /// A store on a disk that does as a test wants.
    final class Faulty: Sendable {
        let scratch: StateScratch
        let store: SQLiteStore
        let health = Recorder<StoreHealth>()
        let committed = Recorder<Committed>()
        // The disk's functions take a lock of its own, and it is there for good.
        nonisolated(unsafe) let disk: OpaquePointer

        init(_ change: (inout SQLiteOptions) -> Void = { _ in }) throws {
            scratch = try StateScratch()
            let name = "faults-" + UUID().uuidString
            disk = try #require(sqlite_faults_make(name))
            var options = scratch.options()
            options.vfs = name
            change(&options)
            store = try SQLiteStore(options)
            store.onHealth { [health] in health.record($0) }
            store.onCommit { [committed] in committed.record($0) }
        }

        func append(_ numbers: ClosedRange<Int>, size: Int = 0) -> [AppendOutcome] {
            numbers.map { store.append(.numbered($0, size: size), seq: UInt64($0), of: alice, under: .forGood) }
        }

        func head() -> UInt64 { store.span(of: alice).head }

        func isFailing() async throws {
            try await health.first { health in
                if case .failing = health { true } else { false }
            }
        }
    }

    /// What a disk can do to whoever writes.
    enum Fault: CaseIterable, Sendable {
        case full
        case readOnly
        case failing

        func begin(_ disk: OpaquePointer) {
            switch self {
            case .full: sqlite_faults_room(disk, 0)
            case .readOnly: sqlite_faults_read_only(disk, 1)
            case .failing: sqlite_faults_fail_writes_after(disk, 0)
            }
        }

        func end(_ disk: OpaquePointer) {
            switch self {
            case .full: sqlite_faults_room(disk, -1)
            case .readOnly: sqlite_faults_read_only(disk, 0)
            case .failing: sqlite_faults_fail_writes_after(disk, -1)
            }
        }
    }

    @Test(
        "What was told is whole, reads go on, nothing is told meanwhile, and all goes on by itself",
        arguments: Fault.allCases)
    func faults(fault: Fault) async throws {
        let faulty = try Faulty()
        _ = faulty.append(1...5)
        try await faulty.store.flush()
        fault.begin(faulty.disk)
        #expect(faulty.append(6...8) == [.taken, .taken, .taken])
        try await faulty.isFailing()
        #expect(faulty.head() == 5)
        #expect(
            try await faulty.store.read(Self.alice, after: 0, limit: 9, bytes: .max).events.map(\.seq) == [
                1, 2, 3, 4, 5,
            ])
        // What is to happen only once it is written does not happen; its reason says why.
        let consumer = StoredConsumer(session: Self.alice, name: "bot", seq: 1)
        let error = await #expect(throws: StoreError.self) {
            try await faulty.store.commit([.put(consumer)], under: nil, .orNothing)
        }
        if case .unavailable = error {} else { Issue.record("\(String(describing: error))") }
        #expect(faulty.committed.all.flatMap(\.events).map(\.seq) == [1, 2, 3, 4, 5])
        fault.end(faulty.disk)
        try await faulty.health.first { $0 == .good }
        try await faulty.store.flush()
        #expect(faulty.committed.all.flatMap(\.events).map(\.seq) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(
            try await faulty.store.load(StoredConsumer.self, of: nil).isEmpty, "it was refused and is never written")
        await faulty.store.close()
        // The same from the disk.
        let again = try SQLiteStore(faulty.scratch.options())
        #expect(
            try await again.read(Self.alice, after: 0, limit: 9, bytes: .max).events.map(\.seq) == [
                1, 2, 3, 4, 5, 6, 7, 8,
            ])
        await again.close()
        withExtendedLifetime(faulty) {}
    }

    @Test("A disk that fails at any write leaves all of a commit or nothing", arguments: 0..<30)
    func anyWrite(write: Int) async throws {
        let faulty = try Faulty()
        _ = faulty.append(1...3)
        try await faulty.store.flush()
        // One commit for the first event, which the disk holds up, and another for all that comes meanwhile.
        sqlite_faults_hold(faulty.disk, 1)
        _ = faulty.append(4...4, size: 9_000)
        while sqlite_faults_held(faulty.disk) == 0 { await Task.yield() }
        _ = faulty.append(5...7, size: 9_000)
        faulty.store.note([.put(StoredConsumer(session: Self.alice, name: "bot", seq: 7))], under: nil)
        sqlite_faults_fail_writes_after(faulty.disk, Int64(write))
        sqlite_faults_hold(faulty.disk, 0)
        if write < 6 { try await faulty.isFailing() }
        let copy = try faulty.scratch.copy()
        defer { withExtendedLifetime(copy) {} }
        sqlite_faults_fail_writes_after(faulty.disk, -1)
        try await faulty.store.flush()
        #expect(faulty.head() == 7)
        let found = try SQLiteStore(copy.options())
        let head = found.span(of: Self.alice).head
        #expect([3, 4, 7].contains(head))
        #expect(try await found.load(StoredConsumer.self, of: nil).map(\.seq) == (head == 7 ? [7] : []))
        #expect(try await found.read(Self.alice, after: 0, limit: 9, bytes: .max).events.count == Int(head))
        await found.close()
        await faulty.store.close()
    }

    @Test("A slow disk: appending never waits, what waits is bounded by a word, and room is told")
    func slow() async throws {
        let faulty = try Faulty { options in
            options.waitingPerSession = 10_000
            options.waiting = 25_000
        }
        try await faulty.store.flush()
        sqlite_faults_hold(faulty.disk, 1)
        #expect(faulty.append(1...4, size: 2_000).allSatisfy { $0 == .taken })
        #expect(faulty.append(5...6, size: 2_000).last == .takenAndFull)
        let bob = SessionID("bob")
        #expect(faulty.store.append(.numbered(1), seq: 1, of: bob, under: .forGood) == .taken, "others have room")
        #expect(faulty.append(7...12, size: 2_000).last == .takenAndFull)
        #expect(
            faulty.store.append(.numbered(2), seq: 2, of: bob, under: .forGood) == .takenAndFull,
            "all together have none")
        #expect(faulty.head() == 0)
        #expect(faulty.committed.all.isEmpty)
        sqlite_faults_hold(faulty.disk, 0)
        try await faulty.store.flush()
        #expect(faulty.head() == 12)
        let relieved = faulty.committed.all.flatMap(\.relieved)
        #expect(Set(relieved) == [Self.alice, bob])
        #expect(faulty.append(13...13) == [.taken])
        await faulty.store.close()
    }

    @Test(
        "With power each commit is on the disk first; with process it is not waited for",
        arguments: SQLiteOptions.Durability.allCases)
    func durability(durability: SQLiteOptions.Durability) async throws {
        let faulty = try Faulty { $0.durability = durability }
        // The head of a WAL is put on the disk when it begins, whatever was chosen.
        _ = faulty.append(1...1)
        try await faulty.store.flush()
        let before = sqlite_faults_syncs(faulty.disk)
        for number in 2...6 {
            _ = faulty.append(number...number)
            try await faulty.store.flush()
        }
        let syncs = sqlite_faults_syncs(faulty.disk) - before
        #expect(durability == .power ? syncs >= 5 : syncs == 0)
        await faulty.store.close()
    }

    @Test("With power nothing is told that could not be brought onto the disk, and all of it later")
    func syncing() async throws {
        let faulty = try Faulty { $0.durability = .power }
        _ = faulty.append(1...3)
        try await faulty.store.flush()
        sqlite_faults_fail_syncs(faulty.disk, 1)
        _ = faulty.append(4...6)
        try await faulty.isFailing()
        #expect(faulty.head() == 3)
        sqlite_faults_fail_syncs(faulty.disk, 0)
        try await faulty.health.first { $0 == .good }
        try await faulty.store.flush()
        #expect(faulty.committed.all.flatMap(\.events).map(\.seq) == [1, 2, 3, 4, 5, 6])
        let copy = try faulty.scratch.copy()
        let found = try SQLiteStore(copy.options())
        #expect(found.span(of: Self.alice).head == 6)
        await found.close()
        await faulty.store.close()
    }

    @Test("Reads that fail are told, and go on when the disk does")
    func reading() async throws {
        let faulty = try Faulty()
        _ = faulty.append(1...2_000, size: 1_000)
        try await faulty.store.flush()
        sqlite_faults_fail_reads(faulty.disk, 1)
        let error = await #expect(throws: StoreError.self) {
            try await faulty.store.read(Self.alice, after: 0, limit: .max, bytes: .max)
        }
        if case .unavailable = error {} else { Issue.record("\(String(describing: error))") }
        sqlite_faults_fail_reads(faulty.disk, 0)
        #expect(try await faulty.store.read(Self.alice, after: 0, limit: .max, bytes: .max).damaged == 0)
        await faulty.store.close()
    }

    @Test("A database that may not grow any more takes events again once old ones have gone")
    func largest() async throws {
        let faulty = try Faulty { options in
            options.maximumBytes = 400_000
            options.retention.totalBytes = 100_000
        }
        // Some eight times as much as there is room for, were nothing let go.
        for number in 1...1_600 {
            _ = faulty.append(number...number, size: 2_000)
            if number.isMultiple(of: 20) { try await faulty.store.flush() }
        }
        try await faulty.store.flush()
        #expect(faulty.head() == 1_600)
        let size = try FileManager.default.attributesOfItem(atPath: faulty.scratch.files.database)[.size] as? Int
        #expect(try #require(size) <= 400_000)
        await faulty.store.close()
    }

    @Test("A database that may not grow any more goes on by itself once what it holds is too old")
    func tooOld() async throws {
        let clock = HandClock()
        let faulty = try Faulty { options in
            options.uptime = { .seconds(Int(clock.seconds)) }
            options.maximumBytes = 400_000
            options.retention.age = 60
        }
        // Two of them have a page: half of the file, and then more than there is.
        _ = faulty.append(1...100, size: 1_500)
        try await faulty.store.flush()
        _ = faulty.append(101...200, size: 1_500)
        try await faulty.isFailing()
        #expect((100..<200).contains(faulty.head()))
        clock.advance(by: 61)
        try await faulty.health.first { $0 == .good }
        try await faulty.store.flush()
        #expect(faulty.head() == 200)
        await faulty.store.close()
    }

    @Test("The ballast is there while all is well, and goes when the disk is full")
    func ballast() async throws {
        let faulty = try Faulty { $0.ballastBytes = 1 << 16 }
        let path = faulty.scratch.path + "/state.ballast"
        try await faulty.store.flush()
        #expect(FileManager.default.contents(atPath: path)?.count == 1 << 16)
        Fault.full.begin(faulty.disk)
        _ = faulty.append(1...1)
        try await faulty.isFailing()
        #expect(!FileManager.default.fileExists(atPath: path))
        Fault.full.end(faulty.disk)
        try await faulty.health.first { $0 == .good }
        await faulty.store.close()
    }
}
