import FoundationEssentials
import Testing

@testable import Gateway

@Suite struct ProcessUsageTests {
    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("A service that is shown processes alone knows when it began, as /proc/stat has it for others")
    func processesAlone() throws {
        let alone = ProcessUsage { $0.hasPrefix("/proc/self/") ? text($0) : nil }
        let all = try #require(text("/proc/stat"))
        let line = try #require(all.split(separator: "\n").first { $0.hasPrefix("btime ") })
        let boot = try #require(Double(line.dropFirst("btime ".count)))
        let start = try #require(alone.start)
        // The kernel says the machine's start in whole seconds, and the process's own in ticks behind it.
        let fields = try #require(text("/proc/self/stat")?.split(separator: ")").last).split(separator: " ")
        let ticks = try #require(Double(fields[19]))
        #expect(abs(start - boot - ticks / 100) <= 2)
        #expect(alone.residentBytes ?? 0 > 0)
    }
}
