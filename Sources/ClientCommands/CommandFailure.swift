package import GatewayClient

/// Why a command ends without having done what it was asked for, and with which code.
package struct CommandFailure: Error, Equatable {
    /// For a person, in one line; nil where there is nothing to say.
    package let message: String?
    /// What the process ends with.
    package let exitCode: Int32

    /// Wrong usage.
    package static func usage(_ message: String) -> CommandFailure { CommandFailure(message: message, exitCode: 64) }

    /// Something on this machine is not as it has to be.
    package static func configuration(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: 78)
    }

    /// The time was over.
    package static let timeIsOver = CommandFailure(message: nil, exitCode: 124)
    /// Nobody reads what the command writes any more, which is nobody's fault.
    package static let pipeClosed = CommandFailure(message: nil, exitCode: 0)
}

extension CommandFailure {
    /// What a call ended with.
    package init(_ error: GatewayError) {
        message = TerminalText.line("\(error)")
        exitCode =
            switch error {
            case .problem(let problem): problem.status < 500 ? 4 : 5
            case .sessionEnded: 4
            case .unreachable, .connectionLost, .notTrusted, .invalidAnswer, .answerTooLong: 6
            case .timedOut: 124
            case .invalidRequest: 64
            case .unavailable: 78
            case .cancelled: 1
            }
    }
}
