/// When a session pings its backend (protocol.md 21.1).
package enum KeepaliveMode: String, CaseIterable, Sendable {
    /// Ping, and stop at a backend that punishes it.
    case auto
    /// Ping whatever happens.
    case ping
    /// Leave it to TCP.
    case none
}
