/// Why a request brought nothing; the session itself goes on unless `interrupted` says it doesn't.
package enum RequestFailure: Error, Equatable, Sendable {
    /// The server answered with an error.
    case refused(ErrorCode, command: String)
    /// The server answered with what makes no sense; `line` is what it said, blanked (`BlankedFrame.excerpt`).
    case nonsense(command: String, line: String)
    /// The server did not answer in time.
    case timedOut(command: String)
    /// The backend is known not to take the command, so it was not sent.
    case notSupported(command: String)
    /// The connection went away first.
    case interrupted
    /// The session is not online.
    case notOnline(SessionState)

    /// Whether the server may have read the command, and done it.
    package var wasSent: Bool {
        switch self {
        case .refused, .nonsense, .timedOut, .interrupted: true
        case .notSupported, .notOnline: false
        }
    }

    /// The command that failed; empty where none was sent.
    package var command: String {
        switch self {
        case .refused(_, let command), .nonsense(let command, _), .timedOut(let command), .notSupported(let command):
            command
        case .interrupted, .notOnline: ""
        }
    }
}
