/// How long a flow waits, each with its source; protocol.md 15 unless said otherwise.
package struct FlowTimeouts: Equatable, Sendable {
    /// `VER`, `INF`, `USR`, and the `SYN` line itself.
    package var signInStep: Duration = .seconds(20)
    /// From 924 to the `USR OK` that one source has seen follow it.
    package var doubtfulRefusal: Duration = .seconds(2)
    /// From the `SYN` line when no list line comes: some servers send none for a new account (protocol.md 21.1).
    package var listsAbsent: Duration = .seconds(2)
    /// From the last list line when the last `RL` line never comes.
    package var listsStalled: Duration = .seconds(5)
    /// From the first `CHG` echo until whoever was not announced counts as offline after a new connection.
    package var presenceSettling: Duration = .seconds(5)
    /// Any request of an online session; some servers never answer some commands.
    package var request: Duration = .seconds(30)
    /// `XFR SB`: somebody waits to talk.
    package var transfer: Duration = .seconds(20)
    /// From `PAG` to where silence counts as acceptance: the command has no positive answer (protocol.md 14.1), and servers
    /// that refuse it do so at once.
    package var pageRefusal: Duration = .seconds(5)
    /// From a command to a close that counts as its doing: servers that close on a command do so when they read it.
    package var suspicion: Duration = .seconds(5)
    /// Without outgoing traffic, until `PNG`.
    package var keepalive: Duration = .seconds(60)
    /// From `PNG` to what counts as death, where the backend is known to answer.
    package var pong: Duration = .seconds(20)
    /// Online for so long, a session has arrived: a server that moves it again is not going round in circles.
    package var stability: Duration = .seconds(60)
    /// A close sooner than this after going online is one right after the sign-in (design: section 5).
    ///
    /// Clients that take an account back by themselves do so within seconds.
    package var displacement: Duration = .seconds(10)
    /// How the waits of a session grow that the server closes again and again right after the sign-in: from half a minute,
    /// so that two clients don't take the account from each other all the time, to a quarter of an hour.
    ///
    /// Chance has no part in them: such a session is alone.
    package var instability = Backoff(base: .seconds(30), longest: .seconds(15 * 60), reset: .seconds(30 * 60))
    /// How the waits between attempts to come back grow.
    package var backoff = Backoff()
    /// From our `OUT` until we close ourselves (protocol.md 2.7).
    package var goodbye: Duration = .seconds(1)

    package init() {}
}
