import Foundation
import Glibc
import SQLiteStorage
import Storage
import TestSupport
import Testing

/// A real file system that gets full, where the tests may mount one; elsewhere `DiskFaultTests` has a disk that acts as one.
@Suite(.timeLimit(.minutes(5))) struct RealDiskTests {
    private static let mostWaiting = 64 << 10

    /// A file system in memory, for one test.
    final class SmallDisk: Sendable {
        let path: String
        static let size = 12 << 20

        /// Whether the tests may mount one.
        static let isPossible = SmallDisk() != nil

        init?() {
            path = FileManager.default.temporaryDirectory.path + "/msnp-gateway-mount-" + UUID().uuidString
            guard mkdir(path, 0o700) == 0 else { return nil }
            guard mount("none", path, "tmpfs", 0, "size=\(Self.size),mode=700") == 0 else {
                rmdir(path)
                return nil
            }
        }

        /// Takes all the room that is left.
        func fill() {
            let descriptor = open(path + "/filling", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            let page = [UInt8](repeating: 1, count: 4_096)
            while write(descriptor, page, page.count) > 0 {}
            close(descriptor)
        }

        func empty() { unlink(path + "/filling") }

        deinit {
            umount2(path, Int32(MNT_DETACH))
            rmdir(path)
        }
    }

    @Test(
        "A full file system: what was told is whole and read, nothing is told, a start works, and then all goes on",
        .enabled(if: SmallDisk.isPossible))
    func full() async throws {
        let disk = try #require(SmallDisk())
        let alice = SessionID("alice-session")
        var options = SQLiteOptions(directory: disk.path)
        (options.ballastBytes, options.retryInterval) = (1 << 20, .milliseconds(5))
        // All are kept, however many there come to be.
        (options.retention.events, options.retention.bytes) = (0, 0)
        let store = try SQLiteStore(options)
        let health = Recorder<StoreHealth>()
        store.onHealth { health.record($0) }
        func append(_ number: Int) {
            _ = store.append(.numbered(number, size: 2_000), seq: UInt64(number), of: alice, under: .forGood)
        }
        for number in 1...100 { append(number) }
        try await store.flush()
        // Again once the ballast was given up for what there was to write.
        var number = 100
        while store.health == .good || FileManager.default.fileExists(atPath: disk.path + "/state.ballast") {
            disk.fill()
            // Something always waits, and no more than there is room for afterwards.
            if store.figures.waitingBytes < Self.mostWaiting {
                number += 1
                append(number)
            }
            await Task.yield()
        }
        let told = Int(store.span(of: alice).head)
        #expect(told >= 100)
        let read = try await store.read(alice, after: 0, limit: .max, bytes: .max)
        #expect(read.events.prefix(told).map(\.event) == (1...told).map { .numbered($0, size: 2_000) })
        let file = disk.path + "/backup.db"
        // The writer may have given up the ballast, or emptied its log, after the disk was filled.
        var isRefused = false
        while !isRefused {
            disk.fill()
            do {
                try StateInspection(directory: disk.path).backup(to: file)
                unlink(file)
            } catch {
                isRefused = true
            }
        }
        #expect(!FileManager.default.fileExists(atPath: file))
        disk.empty()
        try await store.flush()
        // The writer says so once all of it is done.
        while store.health != .good { await Task.yield() }
        #expect(store.span(of: alice).head == UInt64(number))
        // And from the disk, which is full again.
        disk.fill()
        await store.close()
        let again = try SQLiteStore(options)
        let kept = try await again.read(alice, after: 0, limit: .max, bytes: .max)
        let isWhole = kept.events.map(\.event) == (1...number).map { .numbered($0, size: 2_000) }
        // Without all of it in the log, where it is not.
        #expect(isWhole, "\(kept.events.count) of \(number)")
        disk.empty()
        try await again.flush()
        await again.close()
        withExtendedLifetime(disk) {}
    }
}
