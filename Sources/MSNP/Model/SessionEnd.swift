/// Why a session, or an attempt to sign in, ended.
package enum SessionEnd: Error, Equatable, Sendable {
    /// We said `OUT`.
    case signedOut
    /// `OUT OTH`, or a close with the same meaning at a backend that displaces without a word.
    case signedInElsewhere
    /// `OUT SSD`
    case serverShutdown
    /// `OUT` without a reason, or the server closed where it owed an answer.
    case serverClosed
    /// The connection broke or fell silent.
    case connectionLost
    /// The server closes this session again and again right after each sign-in, and nothing explains it.
    case unstable
    /// No connection could be made.
    case unreachable(UnreachableReason)
    /// An error of `USR` or of the commands that finish a sign-in.
    case refused(ErrorCode, command: String)
    /// `VER 0`, or nothing that we offered.
    case noCommonVersion
    /// The server talks to newer clients only (`CVR0`).
    case clientTooOld
    /// `INF` without `MD5`
    case noSecurityPackage
    /// 540
    case challengeFailed
    /// What arrived is not the protocol.
    case protocolError(ProtocolViolation)
    /// A command of the sign-in got no answer in time.
    case timedOut(command: String)
}

extension SessionEnd {
    /// Whether another attempt can't help, or would harm (docs/protocol.md#reconnecting; docs/protocol.md#time-outs).
    ///
    /// | Final | Because |
    /// | --- | --- |
    /// | `OUT OTH`, our own `OUT` | somebody decided so; coming back would fight them |
    /// | refusals of class L, and 206 | the person has to do something about the account first |
    /// | `VER 0`, `CVR0`, no `MD5` | the server will not speak with us tomorrow either |
    /// | 540 | our answer to a challenge is computed, and will be the same |
    /// | floods and circles | whatever sends them would be asked to send them again |
    ///
    /// All other ends pass: maintenance, closed, broken and silent connections, unreachable servers, refusals of the
    /// other classes, and garbage, which a half-started server or a proxy's error page sends.
    package var isFinal: Bool {
        switch self {
        case .signedOut, .signedInElsewhere, .noCommonVersion, .clientTooOld, .noSecurityPackage, .challengeFailed:
            true
        case .refused(let code, _): ErrorCatalogue.signInClass(of: code) == .loginFatal
        case .protocolError(let violation): violation.isFlood
        case .serverShutdown, .serverClosed, .connectionLost, .unstable, .unreachable, .timedOut: false
        }
    }
}

extension ProtocolViolation {
    /// Whether it is more than any honest server sends.
    fileprivate var isFlood: Bool {
        switch self {
        case .referralLoop, .tooManyListEntries, .flood: true
        case .framing(.lineTooLong), .framing(.tooManyEmptyLines), .framing(.payloadTooLong): true
        case .framing(.invalidPayloadLength), .notMSNP, .nonsense: false
        }
    }
}

/// How a server broke the protocol, so that the session can't go on.
package enum ProtocolViolation: Equatable, Sendable {
    /// The byte stream can't be cut into commands any more.
    case framing(FramingError)
    /// Nothing that was received made sense.
    case notMSNP
    /// A command of the sign-in was answered with what makes no sense; the line is blanked (`BlankedFrame.excerpt`).
    case nonsense(command: String, line: String)
    /// More than `WireLimits.referrals` referrals, or one to a server already tried.
    case referralLoop
    /// More than `WireLimits.listEntries` list lines.
    case tooManyListEntries
    /// More than `FloodMeter` admits.
    case flood
}

/// Why no connection to a server could be made.
package enum UnreachableReason: Equatable, Sendable {
    /// The name has no address.
    case unresolved
    /// Nobody listens there, or the network refuses.
    case refused
    /// Nobody answered in time.
    case timedOut
    /// The address policy forbids where a referral points (docs/protocol.md#servers).
    case forbiddenAddress
    /// A referral points to something other than an MSN server. The backend that sent us is not told whether anything
    /// is there.
    case unusableReferral
    /// The server accepted the connection and closed it before it had let us in.
    case closed
    /// The server accepted the connection and said nothing in time.
    case silent
    /// This process has as many connections as it may.
    case gatewayFull
}
