/// What can be asked of a session that is online.
package enum SessionRequest: Equatable, Sendable {
    /// `CHG`; answered when the server has echoed it. `offline` can't be set (protocol.md 7.1).
    case setPresence(Presence)
    /// `REA` of the own handle.
    case rename(DisplayName)
    /// `URL`; the parameter is one raw token.
    case service(String, parameter: String?)

    /// The command that carries the request.
    package var command: String {
        switch self {
        case .setPresence: "CHG"
        case .rename: "REA"
        case .service: "URL"
        }
    }
}
