import MSNP

/// What the sandbox's connections and accounts are held to; lines and payloads are held to `WireLimits`.
package struct Limits: Sendable {
    /// Connections open at once; further ones are closed at once.
    ///
    /// Twice the 9,000 sessions it is loaded with, for those still at the dispatch server or on their way out.
    package var connections = 20_000
    /// How long a connection may take to sign in, as switchboards give theirs (docs/protocol.md#limits).
    package var signInTime = Duration.seconds(60)
    /// How long a challenge waits for its answer (docs/protocol.md#challenges).
    package var challengeTime = Duration.seconds(50)
    /// Challenges of one session that wait at once; the oldest is forgotten for the next one.
    ///
    /// A client that asks for challenges without answering would otherwise fill the memory.
    package var openChallenges = 16
    /// How long a connection may say nothing at all: thirty of the pings that clients send each minute
    /// (docs/protocol.md#keepalive).
    ///
    /// It is looked at once in that time, so that the end comes up to twice as late.
    package var idleTime = Duration.seconds(30 * 60)
    /// Bytes that may wait for a slow reader before its connection is closed.
    ///
    /// The fullest lists make a synchronisation of some 500 KB.
    package var writeBuffer = 1024 * 1024
    /// How long a connection that the server has ended may stay half open for the client to read what was sent last.
    package var closeTime = Duration.seconds(5)
    /// How long a cookie for a switchboard can be used (docs/protocol.md#limits).
    package var cookieTime = Duration.seconds(120)
    /// Cookies of one account that wait to be used; further `XFR SB` are refused with 280.
    ///
    /// Five times the 200 conversations that one session is to hold at once.
    package var openCookies = 1_000
    /// How long nobody in a room may say anything before the server ends it (docs/protocol.md#leaving).
    package var roomIdleTime = Duration.seconds(5 * 60)
    /// People in a room, called ones included; further calls are refused with 280, as no document gives a number.
    package var roomSize = 50
    /// Refused calls in a row from one place; the refusals that follow are 713, "too many calls"
    /// (docs/protocol.md#call-refusals).
    package var refusedCalls = 5
    /// Bytes in one message, headers included; more ends the connection (docs/protocol.md#messages).
    package var messagePayload = 1_664
    /// Pages of one session that are on their way at once; the next is refused with 800.
    package var pages = 16
    /// How long a page takes to its device, or to its failure.
    package var pageTime = Duration.seconds(2)
    /// The largest count that a fault may be ordered with: what it sends for each has to fit into `writeBuffer`.
    package var faultCount = 1_000
    /// Changes of one's own name within `renameWindow`; the next is refused with 800 (docs/protocol.md#limits).
    package var renames = 5
    /// The window of `renames`, which no document gives.
    package var renameWindow = Duration.seconds(10)
    /// People on a forward list, as in 2005 (docs/protocol.md#limits).
    package var forwardList = 600
    /// People on an allow list: Escargot's figure, as the documents have none (docs/protocol.md#limits).
    package var allowList = 1_500
    /// People on a block list: Escargot's figure, as the documents have none (docs/protocol.md#limits).
    package var blockList = 1_200
    /// People on a reverse list, as in 2005 (docs/protocol.md#limits); adding somebody whose list is full is refused.
    package var reverseList = 1_000

    package init() {}

    func size(of list: ListName) -> Int {
        switch list {
        case .forward: forwardList
        case .allow: allowList
        case .block: blockList
        case .reverse: reverseList
        }
    }
}
