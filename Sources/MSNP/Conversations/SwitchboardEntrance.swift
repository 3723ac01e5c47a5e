/// How a switchboard lets us in (docs/protocol.md#calling, #being-called).
package enum SwitchboardEntrance: Equatable, Sendable {
    /// `USR`, with what `XFR` gave.
    case transfer(cookie: Redacted<String>)
    /// `ANS`, with what `RNG` gave.
    case ring(cookie: Redacted<String>, session: String)
}
