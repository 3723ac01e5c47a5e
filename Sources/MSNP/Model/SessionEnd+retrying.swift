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
