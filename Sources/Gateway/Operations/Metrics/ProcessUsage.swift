import FoundationEssentials
import Glibc

/// What the kernel says of this process.
struct ProcessUsage {
    /// Seconds since 1970; nil where the kernel doesn't say.
    let start: Double?
    let cpuSeconds: Double
    let residentBytes: Int?
    let openFiles: Int?
    let mostFiles: Int?

    /// When the machine started, in seconds since 1970, by its clocks.
    ///
    /// `/proc/stat` has the same, but not for a service that is shown processes alone (`ProcSubset=pid`). Kept, as each look would
    /// differ by a little, and who collects it would see restarts.
    private static let boot: Double? = {
        var now = timespec()
        var since = timespec()
        // Both fill the structure that is handed in and keep nothing.
        guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0, unsafe clock_gettime(CLOCK_BOOTTIME, &since) == 0 else {
            return nil
        }
        return Double(now.tv_sec - since.tv_sec) + Double(now.tv_nsec - since.tv_nsec) / 1e9
    }()

    /// Looks into `/proc/self`: some 50 µs, and more with thousands of descriptors.
    ///
    /// - Parameter text: what a file has in it; nil where there is none.
    init(reading text: (String) -> String? = Self.text) {
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        // Behind the name, which may have anything in it (proc(5)): state is the first, so that field 14 is the 12th.
        let fields = text("/proc/self/stat").flatMap { text in
            text.lastIndex(of: ")").map { text[text.index(after: $0)...].split(separator: " ") }
        }
        func field(_ number: Int) -> Double? {
            fields.flatMap { $0.indices.contains(number - 3) ? Double($0[number - 3]) : nil }
        }
        cpuSeconds = ((field(14) ?? 0) + (field(15) ?? 0)) / ticks
        if let boot = Self.boot, let started = field(22) { start = boot + started / ticks } else { start = nil }
        residentBytes = field(24).map { Int($0) * sysconf(Int32(_SC_PAGESIZE)) }
        // Without the one that the listing itself takes.
        openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { max(0, $0.count - 1) }
        var limit = rlimit()
        // Fills the structure that is handed in and keeps nothing.
        let hasLimit = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        mostFiles = hasLimit ? Int(exactly: limit.rlim_cur) : nil
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
