/// Why a message was not delivered, or somebody was not brought into a conversation.
package enum MessageFailure: Error, Equatable, Sendable {
    /// `CAL` was refused: they are offline, hidden, blocking us, or not there at all (208, 216, 217).
    case contactOffline(ErrorCode)
    /// The server rang at their client, and they did not come in time.
    case notJoined
    /// `NAK`, or an error in answer to the message.
    case notDelivered
    /// Another refusal of `XFR`, `USR`, `ANS` or `CAL`.
    case refused(ErrorCode, command: String)
    /// 913: we are hidden ourselves.
    case appearingOffline(command: String)
    /// 713 or 800: too many calls.
    case tooActive(ErrorCode, command: String)
    /// The message is for one person, and others joined the conversation with that person, and then the one that it was
    /// moved to.
    case notPrivate
    /// A command was answered with what makes no sense; the line is blanked (`BlankedFrame.excerpt`).
    case nonsense(command: String, line: String)
    /// A command got no answer in time.
    case timedOut(command: String)
    /// The backend is known not to support the command.
    case notSupported(command: String)
    /// The switchboard could not be reached.
    case unreachable(UnreachableReason)
    /// The connection to the server was lost before the message could go out.
    case connectionLost
    /// The conversation was left, or everybody else left it.
    case conversationClosed
    /// The session holds as many conversations or switchboards as it may, all of them in use.
    case tooManyConversations
    /// As many bytes as allowed wait for switchboards already.
    case queueFull
    /// There is no such conversation.
    case unknownConversation
    /// The session is not online.
    case notOnline(SessionState)
}

extension MessageFailure {
    /// What an error in answer to `CAL` means (docs/protocol.md#call-refusals).
    init(call code: ErrorCode) {
        switch code {
        case 208, 216, 217: self = .contactOffline(code)
        case 713, 800: self = .tooActive(code, command: "CAL")
        case 913: self = .appearingOffline(command: "CAL")
        default: self = .refused(code, command: "CAL")
        }
    }

    /// What a failed `XFR SB` means.
    init(transfer failure: RequestFailure) {
        switch failure {
        case .refused(913, let command): self = .appearingOffline(command: command)
        case .refused(let code, let command) where code == 713 || code == 800: self = .tooActive(code, command: command)
        case .refused(let code, let command): self = .refused(code, command: command)
        case .nonsense(let command, let line): self = .nonsense(command: command, line: line)
        case .timedOut(let command): self = .timedOut(command: command)
        case .notSupported(let command): self = .notSupported(command: command)
        case .interrupted: self = .connectionLost
        case .notOnline(let state): self = .notOnline(state)
        }
    }
}
