import Glibc
import Locking
import SQLiteStorage
import Storage

/// What a store costs and keeps, for `Benchmarks/state.py`, which kills it, too.
@main enum StateBench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let mode = arguments.first, let directory = arguments.dropFirst().first else {
            print("state-bench fill|pace|tell|verify DIR [EVENTS] [RATE] [SESSIONS]")
            exit(64)
        }
        let numbers = arguments.dropFirst(2).compactMap { Int($0) } + [0, 0, 0]
        let began = ContinuousClock.now
        let store: any Store
        if directory == "memory" {
            store = MemoryStore()
        } else {
            var options = SQLiteOptions(directory: directory)
            // What is measured is writing, and what is verified is all that was told.
            if mode == "tell" || mode == "verify" { (options.retention.events, options.retention.bytes) = (0, 0) }
            store = try SQLiteStore(options)
        }
        let opened = ContinuousClock.now - began
        switch mode {
        case "fill", "pace": try await pace(store, numbers[0], numbers[1], numbers[2])
        case "tell": await tell(store, max(1, numbers[0]))
        case "verify": try await verify(store, opened)
        default: exit(64)
        }
        await store.close()
    }

    /// An event that waits to be told.
    private struct Place: Hashable {
        let session: SessionID
        let seq: UInt64
    }

    private static func session(_ number: Int) -> SessionID { SessionID("session-\(10_000_000 + number)") }

    private static let filling = String(repeating: "x", count: 180)

    /// 250 bytes, as a usual message has.
    private static func event(_ seq: UInt64) -> EncodedEvent {
        EncodedEvent(
            type: "message.received", json: Array(#"{"data":{"text":"\#(filling)"},"seq":\#(seq),"x":1}"#.utf8))
    }

    /// Appends events at a rate (0 for as fast as they are taken), and says what one cost.
    private static func pace(_ store: any Store, _ count: Int, _ rate: Int, _ sessions: Int) async throws {
        let appended = Locked([Place: ContinuousClock.Instant]())
        let waits = Locked([Duration]())
        store.onCommit { committed in
            let now = ContinuousClock.now
            let taken = appended.withLock { times in
                committed.events.compactMap { times.removeValue(forKey: Place(session: $0.session, seq: $0.seq)) }
            }
            waits.withLock { $0 += taken.map { now - $0 } }
        }
        let (processor, written, start) = (processorTime(), writtenBytes(), ContinuousClock.now)
        let tenure = Tenure()
        for index in 0..<count {
            if rate > 0, index.isMultiple(of: 16) {
                let due = start + .nanoseconds(index * 1_000_000_000 / rate)
                while ContinuousClock.now < due { usleep(200) }
            }
            let (session, seq) = (Self.session(index % sessions), UInt64(index / sessions + 1))
            if rate > 0 { appended.withLock { $0[Place(session: session, seq: seq)] = .now } }
            if store.append(event(seq), seq: seq, of: session, under: tenure) == .takenAndFull { usleep(1_000) }
        }
        try await store.flush()
        let elapsed = ContinuousClock.now - start
        let each = Double(count)
        let sorted = waits.withLock { $0.sorted() }
        let (median, late) =
            sorted.isEmpty ? (.zero, .zero) : (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
        print(
            "events=\(count) seconds=\(elapsed.seconds) cpu_us=\((processorTime() - processor).seconds * 1e6 / each) "
                + "written_bytes=\(Double(writtenBytes() - written) / each) wait_p50_ms=\(median.seconds * 1e3) "
                + "wait_p99_ms=\(late.seconds * 1e3)")
    }

    /// Appends for ever, and prints each number once it is told as written.
    private static func tell(_ store: any Store, _ sessions: Int) async {
        store.onCommit { committed in
            let lines = committed.events.map { "\($0.session.text) \($0.seq)\n" }.joined()
            var rest = Array(lines.utf8)[...]
            while !rest.isEmpty {
                // Reads as many bytes as it is told and keeps nothing.
                let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard count > 0 else { exit(1) }
                rest = rest.dropFirst(count)
            }
        }
        let tenure = Tenure()
        var heads = (0..<sessions).map { store.span(of: session($0)).head }
        while true {
            for number in heads.indices {
                heads[number] += 1
                _ = store.append(event(heads[number]), seq: heads[number], of: session(number), under: tenure)
            }
            usleep(300)
        }
    }

    /// Reads everything, and prints the head of each session.
    private static func verify(_ store: any Store, _ opened: Duration) async throws {
        var holes = 0
        var sessions = Set(store.places().map(\.session)).sorted()
        sessions.removeAll { store.span(of: $0).head == 0 }
        for session in sessions {
            let head = store.span(of: session).head
            let page = try await store.read(session, after: 0, limit: .max, bytes: .max)
            if page.events.map(\.seq) != (1...head).map(\.self) { holes += 1 }
            if !page.events.allSatisfy({ $0.event == event($0.seq) }) { holes += 1 }
            print("\(session.text) \(head)")
        }
        print("opened_ms=\(opened.seconds * 1e3) holes=\(holes)")
    }

    private static func processorTime() -> Duration {
        var usage = rusage()
        // Fills the structure.
        unsafe _ = getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }

    /// Bytes that this process has handed to the kernel for files.
    private static func writtenBytes() -> Int {
        guard let file = unsafe fopen("/proc/self/io", "r") else { return 0 }
        defer { unsafe _ = fclose(file) }
        var buffer = [CChar](repeating: 0, count: 1_024)
        let count = unsafe fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("wchar: ") }
        return line.flatMap { Int($0.dropFirst(7)) } ?? 0
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
