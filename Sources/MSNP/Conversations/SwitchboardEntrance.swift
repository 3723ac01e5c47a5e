/// How a switchboard lets us in (protocol.md 8.1, 8.2).
package enum SwitchboardEntrance: Equatable, Sendable {
    /// `USR`, with what `XFR` gave.
    case transfer(cookie: Redacted<String>)
    /// `ANS`, with what `RNG` gave.
    case ring(cookie: Redacted<String>, session: String)
}
