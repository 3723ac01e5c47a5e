/// The kind of server that a connection reached (protocol.md 2.1).
package enum SandboxRole: Sendable {
    /// Refers clients to the notification server.
    case dispatch
    case notification
}
