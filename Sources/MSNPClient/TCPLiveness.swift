import Glibc
import Loops

/// How TCP itself finds out that the other side is gone; always on, because some servers punish pings.
enum TCPLiveness {
    /// Seconds of silence before the first probe.
    static let idleSeconds: Int32 = 60
    /// Seconds between probes.
    static let intervalSeconds: Int32 = 15
    /// Unanswered probes that mean death: with the above 2 min, as for data.
    static let count: Int32 = 4
    /// For how long sent data may stay unacknowledged (docs/protocol.md#keepalive).
    static let userTimeoutMilliseconds: Int32 = 120_000

    static let options = [
        Socket.Option(level: SOL_SOCKET, name: SO_KEEPALIVE, value: 1),
        Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_KEEPIDLE, value: idleSeconds),
        Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_KEEPINTVL, value: intervalSeconds),
        Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_KEEPCNT, value: count),
        Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_USER_TIMEOUT, value: userTimeoutMilliseconds),
    ]
}
