import Foundation
import Locking
import TestSupport
import Testing

@testable import Webhooks

/// Who waits for whose names.
@Suite(.timeLimit(.minutes(1))) struct SystemNamesTests {
    /// A resolver whose servers say nothing about some names until a test has them.
    private final class Servers: Sendable {
        let asked = Recorder<String>()
        private let gate = DispatchSemaphore(value: 0)
        private let silent: @Sendable (String) -> Bool
        private let elapsed = Locked(Duration.zero)

        init(silent: @escaping @Sendable (String) -> Bool) { self.silent = silent }

        var uptime: Duration { elapsed.withLock { $0 } }

        func pass(_ duration: Duration) { elapsed.withLock { $0 += duration } }

        /// So many that wait are told.
        func answer(_ count: Int) { for _ in 0..<count { gate.signal() } }

        func lookUp(_ host: String) -> [[UInt8]] {
            asked.record(host)
            if silent(host) { gate.wait() }
            return [[192, 0, 2, 1]]
        }

        func names() -> SystemNames { SystemNames(lookUp: { self.lookUp($0) }, uptime: { self.uptime }) }
    }

    @Test("A key's new names whose servers say nothing leave threads to others' new names")
    func newNames() async throws {
        let servers = Servers { $0.hasPrefix("silent") }
        let names = servers.names()
        let share = SystemNames.threads.new / 2
        let stuck = Task {
            await withTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { _ = await names.addresses(of: "silent\(number).example", for: "one") }
                }
            }
        }
        while servers.asked.all.count < share { await Task.yield() }
        for number in 0..<10 {
            #expect(await names.addresses(of: "other\(number).example", for: "other") == [[192, 0, 2, 1]])
        }
        #expect(servers.asked.all.filter { $0.hasPrefix("silent") }.count == share)
        servers.answer(20)
        await stuck.value
        #expect(servers.asked.all.filter { $0.hasPrefix("silent") }.count == 20)
    }

    @Test("Names that were found promptly wait for none that are new or slow, and slow ones keep no new one waiting")
    func lanes() async throws {
        let isSilent = Locked(false)
        let servers = Servers { host in host.hasPrefix("slow") && isSilent.withLock { $0 } }
        let names = servers.names()
        // Whether it was soon.
        #expect(await names.addresses(of: "quick.example", for: "one").count == 1)
        isSilent.withLock { $0 = true }
        // All threads for new names, by several keys.
        let news = (0..<SystemNames.threads.new).map { number in
            Task { await names.addresses(of: "slow\(number).example", for: "key\(number)") }
        }
        while servers.asked.all.count < 1 + SystemNames.threads.new { await Task.yield() }
        #expect(await names.addresses(of: "quick.example", for: "one").count == 1)
        servers.pass(SystemNames.patience)
        servers.answer(SystemNames.threads.new)
        for task in news { _ = await task.value }
        // They were slow, and are in nobody's way the next time, new names' neither.
        let olds = (0..<SystemNames.threads.new).map { number in
            Task { await names.addresses(of: "slow\(number).example", for: "key\(number)") }
        }
        while servers.asked.all.count < 2 + SystemNames.threads.new + SystemNames.threads.slow { await Task.yield() }
        for number in 0..<SystemNames.threads.new {
            #expect(await names.addresses(of: "new\(number).example", for: "one").count == 1)
        }
        #expect(await names.addresses(of: "quick.example", for: "one").count == 1)
        servers.answer(SystemNames.threads.new)
        for task in olds { _ = await task.value }
    }
}
