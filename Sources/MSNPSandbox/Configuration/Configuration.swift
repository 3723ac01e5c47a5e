package import MSNP

/// How a sandbox is set up.
package struct Configuration: Sendable {
    /// Where the dispatch server listens; the other servers take free ports of the same host.
    package var host = "127.0.0.1"
    /// Port of the dispatch server; 0 takes a free one.
    package var port = Int(ServerAddress.defaultPort)
    /// How many accounts `user0001@example.com` … there are besides the named ones.
    package var extraAccounts = 0
    /// How many of the other extra accounts each extra account has as mutual contacts.
    ///
    /// They are grouped: with 20, accounts 1 to 21 know each other, 22 to 42 do, and so on.
    package var contactsOfExtraAccounts = 0
    /// The newest dialect the server speaks; it speaks all older ones too.
    package var newestDialect = Dialect.msnp6
    /// When the robot comes and goes; nil leaves it online.
    package var robot: RobotSchedule? = RobotSchedule()
    /// Whether it takes one command for each read, and loses the others that came with it, as some servers do
    /// (docs/protocol.md#pacing).
    package var takesOneCommandPerRead = false
    package var limits = Limits()

    package init() {}
}

/// When the robot `echo@example.com` is there: online from the start, and away for the end of each period.
package struct RobotSchedule: Equatable, Sendable {
    /// From one coming to the next.
    package let period: Duration
    /// How long it is away at the end of each period.
    package let absence: Duration

    /// A minute with ten seconds of absence lets people watch presence change without doing anything.
    ///
    /// The absence must be shorter than the period, and both longer than nothing.
    package init(period: Duration = .seconds(60), absence: Duration = .seconds(10)) {
        precondition(absence > .zero && absence < period, "the robot's absence has to fit into its period")
        self.period = period
        self.absence = absence
    }
}
