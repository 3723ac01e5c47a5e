/// The kind of server that a connection reached (docs/protocol.md#servers).
package enum Role: Sendable {
    /// Refers clients to the notification server.
    case dispatch
    case notification
    /// Holds one conversation for each connection (docs/protocol.md#switchboards).
    case switchboard
}
