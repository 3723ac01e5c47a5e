import Foundation
import Locking
import SQLiteStorage
import Storage
import TestSupport

/// The stores that have to keep the contract.
enum StoreKind: CaseIterable, Sendable {
    case memory
    case sqlite
}

/// A store, the clock that it sees, and what it told.
final class StoreUnderTest: Sendable {
    let store: any Store
    let clock: HandClock
    let committed = Recorder<Committed>()
    /// Of a store in a directory; nil for one in memory.
    let directory: StateScratch?

    init(_ kind: StoreKind, retention: Retention = Retention()) throws {
        let clock = HandClock()
        self.clock = clock
        switch kind {
        case .memory:
            directory = nil
            store = MemoryStore(seconds: { clock.seconds })
            store.retain(retention)
        case .sqlite:
            let scratch = try StateScratch()
            directory = scratch
            var options = scratch.options(clock)
            options.retention = retention
            store = try SQLiteStore(options)
        }
        let committed = committed
        store.onCommit { committed.record($0) }
    }

    /// The events that were told as written, in that order.
    var told: [EventPlace] { committed.all.flatMap(\.events) }

    /// All that is kept of a session.
    func events(of session: SessionID) async throws(StoreError) -> [StoredEvent] {
        try await store.read(session, after: 0, limit: .max, bytes: .max).events
    }
}

/// Time that passes when a test says so.
final class HandClock: Sendable {
    private let passed = Locked(UInt32(0))

    var seconds: UInt32 { passed.withLock { $0 } }

    func advance(by seconds: UInt32) { passed.withLock { $0 += seconds } }
}

/// A state directory for one test, which goes when it is let go.
final class StateScratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/msnp-gateway-state-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    var files: StateFiles { StateFiles(directory: path) }

    func options(_ clock: HandClock = HandClock()) -> SQLiteOptions {
        var options = SQLiteOptions(directory: path)
        options.uptime = { .seconds(Int(clock.seconds)) }
        options.ballastBytes = 0
        options.retryInterval = .milliseconds(5)
        return options
    }

    /// The directory as it would be found if the process ended at this moment, whatever it is doing.
    func copy(of names: [String] = ["state.db", "state.db-wal"]) throws -> StateScratch {
        let copy = try StateScratch()
        for name in names where FileManager.default.fileExists(atPath: path + "/" + name) {
            // Read to its end, wherever that is by then: who copies as many bytes as there were waits for them for ever.
            let bytes = try Data.ofFile(path + "/" + name)
            try bytes.write(to: URL(filePath: copy.path + "/" + name))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: copy.path + "/" + name)
        }
        return copy
    }

    /// The content of each file, by name; without SQLite's shared memory, in which every reader notes itself, unless with all.
    func contents(withAll: Bool = false) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where withAll || !name.hasSuffix("-shm") {
            contents[name] = try Data.ofFile(path + "/" + name)
        }
        return contents
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension EncodedEvent {
    /// An event that tells itself from others.
    static func numbered(_ number: Int, size: Int = 0) -> EncodedEvent {
        let filling = String(repeating: "x", count: size)
        return EncodedEvent(type: "message.received", json: Array(#"{"seq":\#(number),"text":"\#(filling)"}"#.utf8))
    }
}

extension Tenure {
    /// One that ends with the process.
    static let forGood = Tenure()
}
