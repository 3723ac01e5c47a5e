import Glibc

/// What the process asks of the kernel before it does anything else.
package enum ProcessLimits {
    /// Sets all of them; what the kernel refuses stays as it was.
    ///
    /// No core file, which would hold passwords. As many open files as are allowed: each session takes two, and the
    /// soft limit is low only for programs that still use `select`. No `SIGPIPE`: a peer that is gone is an error of one
    /// write, not the end of the process. Nor do signals end it that nothing here means anything by, and `SIGHUP` not before
    /// it is watched for.
    package static func apply() {
        set(RLIMIT_CORE) { $0 = rlimit(rlim_cur: 0, rlim_max: 0) }
        set(RLIMIT_NOFILE) { $0.rlim_cur = $0.rlim_max }
        for number in [SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
    }

    private static func set(_ resource: __rlimit_resource, _ change: (inout rlimit) -> Void) {
        var limit = rlimit()
        // Both calls use the structure that is handed in and keep nothing.
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
        change(&limit)
        unsafe _ = setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
