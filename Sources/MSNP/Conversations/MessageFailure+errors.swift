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
