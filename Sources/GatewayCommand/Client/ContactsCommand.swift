import ArgumentParser
import ClientCommands
import GatewayClient

/// `msnp-gateway contacts`.
struct ContactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contacts",
        abstract: "Print everybody on the account's lists.",
        discussion: "JSON in a pipe, text on a terminal, whoever is there first.\n\n\(ClientHelp.exitCodes)")

    @OptionGroup var choice: SignInChoice

    private struct List: Decodable { let contacts: [Contact] }

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let session = try choice.session()
            let response = try await calling { () async throws(GatewayError) in
                try await session.call(APIRequest("GET", "/v1/sessions/\(APIRequest.segment(session.id))/contacts"))
            }
            try answer(response.body) { style throws(GatewayError) in
                let contacts = try response.decode(List.self).contacts
                let there = contacts.filter { $0.status != .offline }
                let away = contacts.filter { $0.status == .offline }
                return (there + away).map { Self.line($0, style) }.joined(separator: "\n")
            }
        }
    }

    private static func line(_ contact: Contact, _ style: TerminalStyle) -> String {
        let status = TerminalText.line(contact.status.text)
        let padded = status + String(repeating: " ", count: max(0, 13 - status.count))
        let account = TerminalText.line(contact.account)
        let name = contact.displayName == contact.account ? "" : " \(TerminalText.line(contact.displayName))"
        let isThere = contact.status != .offline
        let notes = [contact.blocked ? "blocked" : nil, contact.pending ? "waits for an answer" : nil].compactMap(
            \.self)
        let note = notes.isEmpty ? "" : style.paint(" (\(notes.joined(separator: ", ")))", .yellow)
        return style.paint(padded, isThere ? .green : .dim) + (isThere ? style.paint(account, .bold) : account) + name
            + note
    }
}
