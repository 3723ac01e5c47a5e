import Glibc
import NIOCore

/// How TCP itself finds out that the other side is gone; always on, because some servers punish pings.
enum TCPLiveness {
    /// Seconds of silence before the first probe.
    static let idleSeconds: Int = 60
    /// Seconds between probes.
    static let intervalSeconds: Int = 15
    /// Unanswered probes that mean death: with the above 2 min, as for data.
    static let count: Int = 4
    /// For how long sent data may stay unacknowledged (docs/protocol.md#keepalive).
    static let userTimeoutMilliseconds: Int = 120_000

    static let idleOption = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_KEEPIDLE))
    static let intervalOption = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_KEEPINTVL))
    static let countOption = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_KEEPCNT))
    static let userTimeoutOption = ChannelOptions.Types.SocketOption(
        level: .tcp, name: .init(rawValue: TCP_USER_TIMEOUT))
}
