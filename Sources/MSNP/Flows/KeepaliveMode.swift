/// When a session pings its backend (docs/protocol.md#keepalive).
package enum KeepaliveMode: String, CaseIterable, Sendable {
    /// Ping, and stop when the backend closes on pings or ignores them.
    case auto
    /// Ping whatever happens.
    case ping
    /// Leave it to TCP.
    case none
}
