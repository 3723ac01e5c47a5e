/// Who sends a command, which decides whether a payload follows (docs/protocol.md#payloads).
package enum Direction: Sendable {
    case fromServer
    case fromClient

    /// Whether the command's last parameter is the length of a payload that follows the line.
    ///
    /// `QRY` and `SDC` carry one from the client and none in the server's answer.
    package func carriesPayload(_ command: String) -> Bool { shownPayload(of: command) != nil }

    /// What a trace shows of the payload of a command; nil for one without.
    ///
    /// A stream is cut into frames before the kind of its server matters, so each direction has the payloads of both
    /// kinds.
    func shownPayload(of command: String) -> ShownPayload? {
        switch self {
        case .fromServer: Self.serverPayloads[command]
        case .fromClient: Self.clientPayloads[command]
        }
    }

    /// The form of a command; nil for one that nobody knows.
    func form(of command: String, onSwitchboard: Bool) -> (any CommandForm.Type)? {
        switch (self, onSwitchboard) {
        case (.fromServer, false): ServerCommand.table.form(of: command)
        case (.fromClient, false): ClientCommand.table.form(of: command)
        case (.fromServer, true): SwitchboardServerCommand.table.form(of: command)
        case (.fromClient, true): SwitchboardClientCommand.table.form(of: command)
        }
    }

    private static let serverPayloads = NameTable(
        ServerCommand.table.payloads.merging(SwitchboardServerCommand.table.payloads) { first, _ in first })
    private static let clientPayloads = NameTable(
        ClientCommand.table.payloads.merging(SwitchboardClientCommand.table.payloads) { first, _ in first })
}
