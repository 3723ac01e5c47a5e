import GatewayService
import Glibc
import Testing

@Suite struct ProcessLimitsTests {
    private func limit(_ resource: __rlimit_resource) throws -> rlimit {
        var limit = rlimit()
        try #require(getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0)
        return limit
    }

    @Test func areApplied() throws {
        var files = try limit(RLIMIT_NOFILE)
        files.rlim_cur = files.rlim_max / 2
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0)
        ProcessLimits.apply()
        #expect(try limit(RLIMIT_NOFILE).rlim_cur == files.rlim_max)
        #expect(try limit(RLIMIT_CORE).rlim_cur == 0)
        #expect(try limit(RLIMIT_CORE).rlim_max == 0)
        for signal in [SIGPIPE, SIGXFSZ, SIGHUP, SIGUSR1, SIGUSR2] {
            var action = sigaction()
            try #require(sigaction(signal, nil, &action) == 0)
            #expect(unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1)
        }
    }
}
