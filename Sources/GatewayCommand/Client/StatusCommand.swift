import ArgumentParser
import ClientCommands
import GatewayClient

/// `msnp-gateway status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Print the session: who is signed in, and how it is.",
        discussion: "JSON in a pipe, text on a terminal.\n\n\(ClientHelp.exitCodes)")

    @OptionGroup var choice: SignInChoice

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let session = try choice.session()
            let response = try await calling { () async throws(GatewayError) in
                try await session.call(APIRequest("GET", "/v1/sessions/\(APIRequest.segment(session.id))"))
            }
            try answer(response.body) { style throws(GatewayError) in
                Self.text(try response.decode(SessionInfo.self), session.gateway.address, style)
            }
        }
    }

    private static func text(_ info: SessionInfo, _ gateway: GatewayAddress, _ style: TerminalStyle) -> String {
        let color: TerminalStyle.Color =
            switch info.state {
            case .known(.online): .green
            case .known(.ended): .red
            default: .yellow
            }
        let reason = info.reason.map { " (\(TerminalText.line($0.text)))" } ?? ""
        let name = info.displayName == info.account ? "" : " \(TerminalText.line(info.displayName))"
        return """
            \(style.paint(TerminalText.line(info.account), .bold))\(name)
            \(style.paint(TerminalText.line(info.state.text), color))\(reason), \(TerminalText.line(info.status.text))
            \(TerminalText.line(info.backend)) \(TerminalText.line(info.protocol ?? "")) at \(TerminalText.line("\(gateway)"))
            """
    }
}
