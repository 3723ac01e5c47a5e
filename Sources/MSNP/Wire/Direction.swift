/// Who sends, which decides whether a command carries a payload (protocol.md 1.4).
package enum Direction: Sendable {
    case fromServer
    case fromClient

    /// Whether the command's last parameter is the length of a payload that follows the line.
    ///
    /// `QRY` and `SDC` carry one from the client and none in the server's answer.
    package func carriesPayload(_ command: String) -> Bool {
        switch self {
        case .fromServer: command == "MSG" || command == "NOT" || command == "IPG"
        case .fromClient: command == "MSG" || command == "SDC" || command == "PAG" || command == "QRY"
        }
    }
}
