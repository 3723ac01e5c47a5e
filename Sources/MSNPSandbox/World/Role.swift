/// The kind of server that a connection reached (protocol.md 2.1).
package enum Role: Sendable {
    /// Refers clients to the notification server.
    case dispatch
    case notification
    /// Holds one conversation for each connection (protocol.md 8).
    case switchboard
}
