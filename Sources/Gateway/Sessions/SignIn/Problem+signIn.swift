import MSNP

extension Problem {
    /// The process has as many connections as it may.
    static let noRoom = Problem(.gatewayFull, "The gateway has as many connections as it may.")
        .retrying(after: noRoomPatience)

    /// Seconds: connections come free whenever somebody leaves a conversation or is idle there.
    private static let noRoomPatience = 10

    /// Why a sign-in failed, told as the API tells it.
    init(signInEnded end: SessionEnd?) {
        switch end {
        case .refused(let code, let command): self.init(signInRefused: code, command)
        case .unreachable(.gatewayFull): self = Self.noRoom
        case .unreachable(let reason):
            let detail =
                switch reason {
                case .unresolved: "The backend's name has no address."
                case .refused: "Nobody accepts connections at the backend's address."
                case .timedOut: "The backend's address does not answer."
                case .forbiddenAddress, .gatewayFull: "The backend referred to an address that it may not refer to."
                // Nothing of what is there: whoever runs the backend has chosen the address.
                case .unusableReferral, .closed, .silent:
                    "The backend referred to another server, and that one could not be used."
                }
            self.init(.backendUnreachable, detail)
        case .timedOut(let command):
            self.init(.backendTimeout, "The server did not answer \(command) in time.")
        case .noCommonVersion:
            self.init(.backendProtocolError, "The server speaks none of the dialects MSNP6, MSNP5 and MSNP4.")
        case .clientTooOld:
            self.init(.backendProtocolError, "The server talks to newer clients only.")
        case .noSecurityPackage:
            self.init(.backendProtocolError, "The server offers no MD5 sign-in.")
        case .protocolError(let violation):
            let detail =
                switch violation {
                case .notMSNP: "What answers at the backend's address is no MSN server."
                case .nonsense(let command, let line): Self.nonsense(command, line)
                case .framing: "The server sent something that can't be followed."
                case .referralLoop: "The backend's servers refer to each other without end."
                case .flood: "The server sent more than any session has use for."
                case .tooManyListEntries: "The server sent more contacts than any account can have."
                }
            self.init(.backendProtocolError, detail)
        case .signedInElsewhere:
            self.init(.backendError, "The account signed in elsewhere at the same moment.")
        case .serverShutdown:
            self.init(.backendBusy, "The server is going down for maintenance.")
            retryAfter = 60
        case .challengeFailed:
            self.init(.backendError, "The server refused the client's answer to its challenge.", 540, command: "QRY")
        case .serverClosed, .connectionLost, .unstable:
            self.init(.backendError, "The server closed the connection during the sign-in.")
        case .signedOut, nil:
            self.init(.sessionEnded, "The session was signed out before the sign-in was complete.")
            reason = SessionReason.signedOut.rawValue
        }
        if reason == nil, let end { reason = SessionReason(end).rawValue }
    }

    /// Says what made no sense, so that whoever writes the server finds it.
    static func nonsense(_ command: String, _ line: String) -> String {
        "The server answered \(command) with what makes no sense: \(line)"
    }

    /// Classes L, U and C of docs/protocol.md#errors are refusals; T passes.
    private init(signInRefused code: ErrorCode, _ command: String) {
        guard ErrorCatalogue.signInClass(of: code) != .transient else {
            self.init(.backendBusy, "The server can't take the sign-in now.", code, command: command)
            // 920 turns new people away for longer than a busy server does.
            retryAfter = code == 920 ? 300 : 10
            return
        }
        let detail =
            switch code {
            case 911, 928: "The account or the password is wrong."
            case 923:
                "The account belongs to a child, and consent of a parent is missing. A parent has to give it with the service; nothing can be done here."
            case 924:
                "The account's e-mail address is not verified. Open the link that the service has sent to that address, then sign in again."
            case 917: "The server does not take accounts of that domain."
            case 206: "The account lacks its domain."
            default: ErrorCatalogue.entry(for: code)?.summary ?? "The server refused the sign-in."
            }
        self.init(.signInRefused, detail, code, command: command)
    }

    /// The same for a duration, rounded up: nobody is told to come a little too soon.
    func retrying(after duration: Duration) -> Problem {
        retrying(after: duration.wholeSeconds)
    }

    /// With a time after which trying again makes sense.
    func retrying(after seconds: Int) -> Problem {
        var problem = self
        problem.retryAfter = max(1, seconds)
        return problem
    }
}

extension Duration {
    /// In seconds, rounded up.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
