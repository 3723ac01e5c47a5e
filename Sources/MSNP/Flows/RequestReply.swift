/// What a request brought.
package enum RequestReply: Equatable, Sendable {
    case presence(Presence)
    case renamed(String)
    case service(ServiceReply)
    /// A list or a setting is as asked; the name under which the server keeps the contact, where it said one.
    case edited(name: String?)
    /// What the server keeps now, which may differ from what was asked for (docs/protocol.md#phones).
    case phone(PhoneProperty, String?)
    /// Where the switchboard is, and what opens it once.
    case transferred(ServerAddress, cookie: Redacted<String>)
    case outreach(OutreachReply)
}

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
