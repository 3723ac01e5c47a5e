import ArgumentParser
import ClientCommands
import GatewayClient

/// `msnp-gateway send`.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a message, and wait for what becomes of it.",
        usage: "msnp-gateway send TO TEXT|- [-W SECONDS] [--as NAME]",
        discussion: """
            A call that nobody answered is made again under the same Idempotency-Key, so that the message is neither lost \
            nor sent twice. The answer is the message with its outcome, JSON in a pipe and text on a terminal. In scripts \
            the two stand behind '--', so that no text is taken for an option.

            \(ClientHelp.exitCodes) Somebody who is offline is 4, and 'contact-offline' on standard error.
            """)

    @Argument(help: "To whom, name@domain.")
    var to: String

    @Argument(help: "The text, or '-' for what standard input has.")
    var text: String

    @Option(
        name: .customShort("W", allowingJoined: true),
        help: ArgumentHelp("How long to try while the gateway is away or busy.", valueName: "seconds"))
    var seconds: Double = 30

    @OptionGroup var choice: SignInChoice

    func validate() throws {
        guard seconds >= 0, seconds <= 86_400 else { throw ValidationError("-W takes 0 to 86400 seconds.") }
    }

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let session = try choice.session()
            let text = try text == "-" ? StandardInput.text() : text
            let outbox = Outbox(session, patience: .seconds(seconds))
            let message = try await calling { () async throws(GatewayError) in
                // Who is not there at first is not waited for, as nothing was sent.
                _ = try await session.info()
                return try await outbox.send(MessageDraft(text, to: to))
            }
            try answer(message.json) { style throws(GatewayError) in
                let isSure = message.delivery == .delivered
                return style.paint(TerminalText.line(message.delivery.text), isSure ? .green : .yellow)
            }
        }
    }
}
