package import Storage

/// How a state directory is used.
package struct SQLiteOptions: Sendable {
    /// What a failure of the power may cost.
    package enum Durability: String, CaseIterable, Sendable {
        /// The last moments before it; an end of the process costs nothing.
        case process
        /// Nothing: each commit is on the disk before anybody is told of it.
        case power
    }

    package var directory: String
    package var durability = Durability.process
    /// Bytes that the database may have; 0 for as many as the disk has.
    package var maximumBytes = 0
    /// Bytes of a file that is given up when the disk is full, so that what is there can be put in order; 0 for none.
    package var ballastBytes = 8 << 20
    /// How long it waits after a failure before it tries again.
    package var retryInterval = Duration.seconds(1)
    /// Bytes of one session that may wait to be written before nothing more of it is to be read.
    package var waitingPerSession = 1 << 20
    /// The same of all sessions.
    package var waiting = 64 << 20
    package var retention = Retention()
    /// What stands between SQLite and the disk, for tests; nil for the system's own.
    package var vfs: String?
    /// Time that passes while the store is open, for tests; it never jumps.
    package var uptime: @Sendable () -> Duration

    package init(directory: String) {
        self.directory = directory
        let start = ContinuousClock.now
        uptime = { ContinuousClock.now - start }
    }
}
