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
