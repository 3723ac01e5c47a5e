/// When a session pings its backend (protocol.md 21.1).
package enum KeepaliveMode: String, CaseIterable, Sendable {
    /// Ping, and stop when the backend closes on pings or ignores them.
    case auto
    /// Ping whatever happens.
    case ping
    /// Leave it to TCP.
    case none
}
