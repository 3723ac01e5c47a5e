/// What the conversations of one session hold at most, and for how long calls wait for them.
enum MessagingLimits {
    /// Sent messages whose outcome is kept (the API's `GET …/messages/{mid}`); those that wait for theirs come on top.
    static let settledMessages = 1_000
    /// Bytes that they are counted with: a thousand of 4 KiB, or sixty of the longest, of which a thousand would be 64 MiB.
    static let settledBytes = 4 << 20
    /// Messages a second that a session may send for as long as it likes: no person writes that fast, a bridge hardly.
    static let messagesPerSecond = 50
    /// Messages that it may send at once: a bridge that comes back with what waited for it.
    static let messageBurst = 2_000
    /// Seconds that a call waits for a message's outcome unless it says otherwise: 15 for joining, 5 for the `ACK`.
    static let sendWait = 20
    /// Letters in a `clientRef`: the identifiers of other networks are at most half as long.
    static let clientRef = 64
    /// Seconds to wait after 713 or 800, of which no source knows the window (docs/protocol.md#limits).
    static let serverPatience = 10
}
