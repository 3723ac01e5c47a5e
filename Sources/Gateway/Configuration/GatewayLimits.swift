/// What the gateway holds at most, and for how long; every one can be configured.
package struct GatewayLimits: Sendable, Equatable {
    /// Sessions that are not ended.
    package var sessions = 10_000
    /// Sessions without a key for each address: a household, not a crowd.
    package var sessionsPerAnonymousAddress = 20
    /// Connections for each client address, IPv6 by its /64.
    ///
    /// This machine's own and those of trusted proxies have no such limit. 0 for none at all.
    package var connectionsPerAddress = 256
    /// Tokens for each session: repeated sign-ins give new ones, and the one used least recently goes.
    package var tokensPerSession = 16
    /// Polls waiting at one session; each holds a connection.
    package var parkedPollsPerSession = 64
    /// Streams open at one session; each holds a connection.
    package var streamsPerSession = 64
    /// Traces open at one session: people look at them, and each is encoded for.
    package var tracesPerSession = 8
    /// Polls waiting, and streams open, at one key's feed.
    package var readersPerFeed = 64
    /// Events that a key's feed refers to; each takes 16 bytes, and the events themselves are in the sessions' journals.
    package var feedReferences = 65_536
    /// Seconds for which an ended session can still be read: a bot that was down for a night learns why it ended.
    package var endedSessionAge = 24 * 60 * 60
    /// Seconds after `DELETE`: whoever deleted it knows, and parallel readers have time to see it.
    package var deletedSessionAge = 60
    /// Ended sessions kept at most, so that a flood of short sessions can't fill the memory.
    ///
    /// Whoever has the most of them gives first, its oldest; 0 for no limit.
    package var endedSessions = 10_000
    /// Ended sessions that are kept of one client without a key: ten times what it can have alive; 0 for no limit.
    package var endedSessionsPerAnonymousAddress = 200
    /// Seconds after which a session that was opened without a key, and that nobody uses, is signed out.
    ///
    /// Nobody can find it again once its token is lost. 0 for never.
    package var idleTimeout = 15 * 60
    /// The same for a session that somebody has asked to be kept, as their device keeps its token; never less than the other.
    ///
    /// 0 keeps none.
    package var keptIdleTimeout = 30 * 24 * 60 * 60
    package var journal = JournalLimits()
    /// Bytes of all journals, and of the texts of sent messages that are kept, together; the oldest of all go first.
    ///
    /// 0 for no such limit.
    package var totalJournalBytes = 256 << 20

    package init() {}

    /// Bytes in any request's body, whatever it is for.
    package static let body = 1 << 20
    /// Bytes in the body of a sign-in, and of any call without credentials, which anybody may send.
    ///
    /// An account, a password and a name at their longest have 1.5 KiB.
    package static let signInBody = 8 << 10
    /// Bytes in the body of a call that changes something.
    ///
    /// Fifty accounts at their longest have 6.5 KiB, and the longest text of an invitation has 9.5 KiB with each
    /// character escaped.
    package static let editBody = 16 << 10
    /// Bytes in the body of a call that takes none: an object without members, and the white space that comes with it.
    static let emptyBody = 16
    /// Bytes in the body of a message: a text at its longest has 384 KiB with each character escaped.
    package static let messageBody = 512 << 10
    /// Seconds that a sign-in waits for `online` unless the caller says otherwise.
    package static let signInWait = 30
    /// Seconds that any call waits at most: proxies cut at 60.
    package static let longestWait = 50
    /// Seconds that a poll waits unless the caller says otherwise: some proxies cut at 30.
    package static let pollWait = 25
    /// Events in one answer, unless the caller says otherwise and at most.
    package static let pollEvents = 100
    /// Events in one answer at most, whatever the caller asks for.
    package static let mostPollEvents = 500
    /// Facts about contacts that are written down while a session's lock is held once: an account has thousands of contacts,
    /// and HTTP loops wait for that lock.
    package static let factsInTurn = 64
    /// Edits that wait for one session's turn; a server that answers none holds each for its time-out.
    package static let waitingEdits = 64
    /// Named consumers for each session, and for each feed: their positions are kept for good.
    package static let consumers = 16
    /// Webhooks of one key: each may have a connection and a body under way.
    package static let webhooks = 64
    /// Sessions that one webhook can name; whoever wants more gets all.
    package static let webhookSessions = 256
    /// Types that one webhook can name: there are fewer.
    package static let webhookTypes = 64
    /// How long a stream is silent at most: proxies cut at 30 or 60 seconds.
    package static let streamHeartbeat: Duration = .seconds(15)
    /// Bytes of a trace that wait for a slow reader; what comes beyond them is counted and left out.
    package static let traceBacklog = 256 * 1024
    /// For how long events that come after others are gathered: a burst that needs several reads is told in one answer.
    ///
    /// What comes alone is told at once.
    package static let coalescing: Duration = .milliseconds(2)
}
