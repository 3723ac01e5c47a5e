import FoundationEssentials
import Gateway
import Glibc
import HTTPFront

/// What the process asks of the kernel before it does anything else.
package enum ProcessLimits {
    /// Sets all of them; what the kernel refuses stays as it was.
    ///
    /// No core file, which would hold passwords. As many open files as are allowed: each session takes two, and the
    /// soft limit is low only for programs that still use `select`. No `SIGPIPE`: a peer that is gone is an error of one
    /// write, not the end of the process, and so with `SIGXFSZ` a file that may not grow. Nor do signals end it that nothing
    /// here means anything by, and `SIGHUP` not before it is watched for.
    package static func apply() {
        set(RLIMIT_CORE) { $0 = rlimit(rlim_cur: 0, rlim_max: 0) }
        set(RLIMIT_NOFILE) { $0.rlim_cur = $0.rlim_max }
        for number in [SIGPIPE, SIGXFSZ, SIGHUP, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
    }

    /// How many files this process may open, as the kernel says now.
    package static var files: Int { DescriptorPlan.files }

    /// How many connections to servers a limit of open files leaves a gateway: each session takes one, each conversation another.
    package static func connections(files: Int) -> Int {
        DescriptorPlan(
            limit: files, held: DescriptorPlan.usualHeld, http: HTTPConfiguration.connections(files: files), each: 1
        ).connections
    }

    private static func set(_ resource: __rlimit_resource, _ change: (inout rlimit) -> Void) {
        var limit = rlimit()
        // Both calls use the structure that is handed in and keep nothing.
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
        change(&limit)
        unsafe _ = setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}

/// How many connections to servers and to webhooks the process's limit of open files leaves, so that HTTP never runs out of
/// them.
struct DescriptorPlan: Equatable, Sendable {
    /// For sessions and their switchboards.
    let connections: Int
    /// For webhooks, those that wait for the next body among them.
    let webhooks: Int

    /// Descriptors that nothing of the plan takes: names being looked up, keys and settings being read, connections that
    /// are being closed or turned away.
    static let spare = 48
    /// However few files there may be, somebody can sign in and talk.
    static let fewest = 4
    /// One of so many files is webhooks'.
    private static let webhookShare = 64

    /// - Parameters:
    ///   - limit: of open files.
    ///   - held: open files of a gateway that has just started.
    ///   - http: connections that HTTP may have.
    ///   - each: files for each connection: two where the server is in this process.
    init(limit: Int, held: Int, http: Int, each: Int) {
        webhooks = Self.webhooks(files: limit)
        connections = max(Self.fewest, (limit - held - http - webhooks - Self.spare) / max(1, each))
    }

    /// The share of webhooks, which is known before anything is open.
    static func webhooks(files: Int) -> Int {
        max(WebhookConfiguration.fewestSockets, min(WebhookConfiguration.mostSockets, files / webhookShare))
    }

    /// Files that the process may have open, as the kernel says now.
    static var files: Int {
        var limit = rlimit()
        // Fills the structure that is handed in and keeps nothing.
        let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return isKnown ? Int(exactly: limit.rlim_cur) ?? Self.unlimited : Self.usual
    }

    /// By what the kernel says of this process now.
    init(http: Int, each: Int) {
        let held = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? Self.usualHeld
        self.init(limit: Self.files, held: held, http: http, each: each)
    }

    /// As many as no machine has.
    private static let unlimited = 1 << 30
    /// Where the kernel doesn't say: the limit that shells have, and what the loops of a usual machine hold.
    private static let usual = 1_024
    static let usualHeld = 128
}
