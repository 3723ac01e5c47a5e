public import FoundationEssentials

/// A session as the gateway shows it.
public struct SessionInfo: Decodable, Equatable, Sendable {
    public let id: String
    /// As the server spells it, once it has accepted it.
    public let account: String
    public let displayName: String
    /// With `false` the server has locked the display name; nil when it did not say.
    public let verified: Bool?
    public let state: Word<SessionState>
    /// Why it is `reconnecting` or has `ended`; nil otherwise.
    public let reason: Word<SessionReason>?
    /// When the next attempt to reconnect begins; nil while there is none.
    public let retryAt: Date?
    public let status: Word<PresenceStatus>
    public let backend: String
    /// `MSNP6`; nil until it is agreed on.
    public let `protocol`: String?
    public let createdAt: Date
    /// When something last came from the server; nil before.
    public let lastReceivedAt: Date?
    /// After the last event.
    public let cursor: Cursor
}

/// Where a session is on its way.
public enum SessionState: String, Sendable, CaseIterable {
    case connecting, signingIn, synchronizing, online, reconnecting, ended
}

/// Why a session has ended, or is reconnecting.
public enum SessionReason: String, Sendable, CaseIterable {
    case signedOut, signedInElsewhere, serverShutdown, serverClosed, connectionLost, unreachable, signInRefused
    case noCommonVersion, challengeFailed, protocolError, credentialsNotKept, expired, gatewayShutdown, unstable, moved

    /// Whether signing in again would change nothing, or would harm.
    public var isFinal: Bool {
        switch self {
        case .signedOut, .signedInElsewhere, .signInRefused, .noCommonVersion, .challengeFailed: true
        case .serverShutdown, .serverClosed, .connectionLost, .unreachable, .protocolError, .credentialsNotKept,
            .expired,
            .gatewayShutdown, .unstable, .moved:
            false
        }
    }
}

/// How somebody shows themselves.
public enum PresenceStatus: String, Sendable, CaseIterable {
    case online, busy, idle, beRightBack, away, onThePhone, outToLunch, appearOffline, offline
}
