import MSNP

/// Why a session is reconnecting or has ended, in the API's words.
enum SessionReason: String, JSONWritable, CaseIterable, Sendable {
    case signedOut
    case signedInElsewhere
    case serverShutdown
    case serverClosed
    case connectionLost
    case unreachable
    case signInRefused
    case noCommonVersion
    case challengeFailed
    case protocolError
    case credentialsNotKept
    case expired
    case gatewayShutdown
    case unstable

    init(_ end: SessionEnd) {
        self =
            switch end {
            case .signedOut: .signedOut
            case .signedInElsewhere: .signedInElsewhere
            case .serverShutdown: .serverShutdown
            case .serverClosed: .serverClosed
            case .connectionLost, .timedOut: .connectionLost
            case .unstable: .unstable
            case .unreachable: .unreachable
            case .refused: .signInRefused
            case .noCommonVersion, .clientTooOld, .noSecurityPackage: .noCommonVersion
            case .challengeFailed: .challengeFailed
            case .protocolError: .protocolError
            }
    }
}
