/// How long a flow waits, each with its source; docs/protocol.md#time-outs unless said otherwise.
package struct FlowTimeouts: Equatable, Sendable {
    /// `VER`, `INF`, `USR`, and the `SYN` line itself.
    package var signInStep: Duration = .seconds(20)
    /// From 924 to the `USR OK` that followed it in one source.
    package var doubtfulRefusal: Duration = .seconds(2)
    /// From the `SYN` line when no list line comes: some servers send none for a new account
    /// (docs/protocol.md#synchronization-end).
    package var listsAbsent: Duration = .seconds(2)
    /// From the last list line when the last `RL` line never comes.
    package var listsStalled: Duration = .seconds(5)
    /// From the last `ILN` after the first sign-in, at least, until the server counts as having named everybody.
    ///
    /// Nothing marks their end (docs/protocol.md#own-status). Within them a server may pause for 200 ms: its second write
    /// waits for the acknowledgement of the first one, which ours may delay for that long.
    package var presenceSilence: Duration = .milliseconds(250)
    /// From the first `CHG` echo on a later connection until contacts that were not announced count as offline.
    package var presenceSettling: Duration = .seconds(5)
    /// Any request of an online session; some servers never answer some commands.
    package var request: Duration = .seconds(30)
    /// `XFR SB`; shorter, because a person waits.
    package var transfer: Duration = .seconds(20)
    /// From `PAG` until silence counts as acceptance.
    ///
    /// The command has no positive answer (docs/protocol.md#pages), and servers that refuse it do so at once.
    package var pageRefusal: Duration = .seconds(5)
    /// After a command, how long a close counts as the answer to it.
    ///
    /// Servers that close on a command do so when they read it.
    package var closeWatch: Duration = .seconds(5)
    /// Without outgoing traffic, until `PNG`.
    package var keepalive: Duration = .seconds(60)
    /// From `PNG` until the connection counts as dead, at backends that are known to answer.
    package var pong: Duration = .seconds(20)
    /// After so long online a session has arrived: a server that moves it again is not sending it in circles.
    package var stability: Duration = .seconds(60)
    /// A close that comes sooner after going online counts as one right after the sign-in (docs/protocol.md#reconnecting).
    ///
    /// Clients that reconnect by themselves take the account back within seconds.
    package var displacement: Duration = .seconds(10)
    /// The waits of a session that the server closes again and again right after the sign-in.
    ///
    /// They begin at half a minute, so that two clients don't keep taking the account from each other, and grow to a
    /// quarter of an hour.
    ///
    /// They are not random: such a session is alone.
    package var instability = Backoff(base: .seconds(30), longest: .seconds(15 * 60), reset: .seconds(30 * 60))
    /// The waits between attempts to reconnect.
    package var backoff = Backoff()
    /// From an attempt to reconnect until the next that somebody asks for.
    ///
    /// A person who asks again and again waits for little more than an answer takes, and a script that does is no worse for
    /// the backend than a session that has lost its connection for the third time.
    package var attemptSpacing: Duration = .seconds(5)
    /// From our `OUT` until we close ourselves (docs/protocol.md#out).
    package var goodbye: Duration = .seconds(1)

    package init() {}
}

/// How long a lost session waits before it tries again.
///
/// The longest possible wait doubles with each failure; the wait itself is a random share of it.
///
/// Full jitter spreads the thousands of sessions of a backend that comes back over the whole time, so that they do not
/// all arrive at its end (docs/protocol.md#reconnecting).
package struct Backoff: Equatable, Sendable {
    /// The longest that the first wait can be.
    package var base: Duration = .seconds(1)
    /// The longest that any wait can be.
    ///
    /// It is short, so that everybody is there soon after a backend has come back.
    package var longest: Duration = .seconds(300)
    /// After so long online the waits begin anew with the next loss (docs/protocol.md#reconnecting).
    package var reset: Duration = .seconds(300)

    package init() {}

    init(base: Duration, longest: Duration, reset: Duration) {
        self.base = base
        self.longest = longest
        self.reset = reset
    }

    /// The wait before an attempt.
    ///
    /// - Parameters:
    ///   - failures: how many attempts have failed in a row before; 0 for the first.
    ///   - chance: uniformly from 0 up to 1.
    package func delay(failures: Int, chance: Double) -> Duration {
        // So many doublings take any base past the cap.
        let doublings = min(max(failures, 0), 30)
        return min(longest, base * (1 << doublings)) * min(max(chance, 0), 1)
    }
}
