import Glibc
package import Loops

/// How a server runs.
package struct HTTPConfiguration: Sendable {
    package var listen: ListenAddress
    /// Event loops, each with a thread; at least 1.
    package var loops: Int
    /// Daemons of libmicrohttpd for each loop; at least 1.
    ///
    /// A wake walks all waiting requests of one daemon, so that their number is divided by that of all daemons; each costs
    /// `descriptorsOfDaemon` and some kilobytes.
    package var daemonsPerLoop: Int
    /// Seconds without a byte after which a connection is closed, unless its request waits; at least 1.
    package var idleTimeout: Int
    /// Seconds for the head of a request from when it may begin at the latest, however its bytes come; at least 1.
    ///
    /// A head is a packet or two: this is for a slow phone that loses some. A connection that never gets one together is
    /// closed after `idleTimeout` and this.
    package var headTimeout = HTTPConfiguration.defaultHeadTimeout
    /// Seconds for the body of a request, however its bytes come; at least 1.
    package var bodyTimeout = HTTPConfiguration.defaultBodyTimeout
    /// Seconds for a client to read an answer, however it does; at least 1.
    package var answerTimeout = HTTPConfiguration.defaultAnswerTimeout
    /// Connections at a time; beyond it, new ones are answered with a refusal.
    ///
    /// The last few of them answer probes alone.
    package var maximumConnections: Int
    /// Connections at a time for each IPv4 address, or /64 of IPv6; 0 for no such limit.
    package var connectionsPerAddress = HTTPConfiguration.defaultConnectionsPerAddress
    /// Whose connections have no limit of their own: this machine's, and proxies, which come for many people.
    ///
    /// Asked on a loop's thread when an address has reached its limit.
    package var isExempt: @Sendable (PeerAddress) -> Bool = { $0.isLoopback }
    /// What the length of a loop's turn is measured by; tests have a time of their own.
    package var turnTime: @Sendable () -> MonotonicInstant = { .now }
    /// Bytes for the head of a request and the head of its answer together, for each connection.
    ///
    /// Measured with 8 KiB: heads of up to 7.8 kB, or 100 short fields, are served; beyond it comes a 431 or 414. A head that
    /// leaves no room for that of the answer (8.0 kB) is closed without one.
    package var connectionMemory: Int

    /// What an office behind one address has open, with some polls and streams each; and 64 MB of unread answers at most.
    package static let defaultConnectionsPerAddress = 256
    /// Seconds for the head of a request on a connection that is kept for probes, which send theirs at once.
    package static let probeTimeout = 2
    /// Bytes that the kernel holds of an answer that a client has not read; it doubles the number for its own book-keeping.
    ///
    /// Left to itself it grows to 4 MB for each. With this, an answer comes at 1.2 MB/s over a line of 100 ms, and as fast
    /// as ever over a short one. It is set on the listening socket, from which each connection has it.
    package static let sendBuffer = 128 * 1024
    /// Between two reports of refused connections for the same reason.
    package static let refusalReportInterval = Duration.seconds(10)
    /// Daemons of the library in all, where there are descriptors for them: each looks through its connections alone.
    package static let defaultDaemons = 512
    /// The epoll instance of a daemon, and the eventfd that wakes it.
    static let descriptorsOfDaemon = 2
    /// Seconds without a byte after which a connection is closed.
    package static let defaultIdleTimeout = 30
    /// Seconds for the head of a request.
    package static let defaultHeadTimeout = 10
    /// The largest body that any route takes, 1 MiB, at 17 kB/s.
    package static let defaultBodyTimeout = 60
    /// The largest page of events, some 1 MiB, at 9 kB/s.
    package static let defaultAnswerTimeout = 120
    /// What a browser with some cookies sends fits four times.
    package static let defaultConnectionMemory = 8 * 1024
    /// Descriptors left to the rest of the process: log, journal, listening sockets, the first `daemonsInReserve` daemons.
    package static let reservedDescriptors = 256
    /// Daemons whose descriptors are among `reservedDescriptors`; those of others come on top of them.
    static let daemonsInReserve = 64

    package init(
        listen: ListenAddress = ListenAddress(host: "127.0.0.1", port: 8080), loops: Int? = nil,
        daemonsPerLoop: Int? = nil, idleTimeout: Int = HTTPConfiguration.defaultIdleTimeout,
        maximumConnections: Int? = nil, connectionMemory: Int = HTTPConfiguration.defaultConnectionMemory
    ) {
        self.listen = listen
        let loops = max(1, loops ?? Self.processors)
        self.loops = loops
        self.daemonsPerLoop = max(1, daemonsPerLoop ?? Self.daemons(files: Self.fileLimit) / loops)
        self.idleTimeout = max(1, idleTimeout)
        self.maximumConnections = max(1, maximumConnections ?? Self.connections(files: Self.fileLimit))
        self.connectionMemory = connectionMemory
    }

    private static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Daemons in all for a limit of open files, of which they are no more than a sixteenth.
    static func daemons(files: Int) -> Int { max(1, min(defaultDaemons, files / 16)) }

    /// What a limit of open files leaves, half of it: each signed-in session has a connection of its own.
    package static func connections(files: Int) -> Int {
        let daemons = descriptorsOfDaemon * max(0, daemons(files: files) - daemonsInReserve)
        return max(16, (files - reservedDescriptors - daemons) / 2)
    }

    /// How many files the process may have open.
    private static var fileLimit: Int {
        var limit = rlimit()
        // Fills the structure that is handed in and keeps nothing.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 768 }
        return Int(exactly: limit.rlim_cur) ?? 1 << 20
    }
}
