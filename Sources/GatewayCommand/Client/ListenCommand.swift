import ArgumentParser
import ClientCommands
import FoundationEssentials
import GatewayClient

/// `msnp-gateway listen`.
struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print events as they come, one a line.",
        usage: """
            msnp-gateway listen [--type TYPE]... [--from ACCOUNT] [-C COUNT] [-W SECONDS]
                                [--after CURSOR | --consumer NAME] [--as NAME]
            """,
        discussion: """
            In a pipe each event is a line of JSON, as in the API, written at once; on a terminal it is text. Events that \
            are no longer kept, and a gateway that is away, are a line on standard error each; it is waited for. It begins \
            with what comes next, or after the 'id' of an event, or where a consumer of that name was: then what was written \
            is acknowledged, and comes again to nobody of that name.

            \(ClientHelp.exitCodes) 124 is also the end of -W before COUNT events came, or, without -C, before one.
            """)

    @Option(
        name: .customLong("type"), parsing: .singleValue,
        help: ArgumentHelp("Of which type, for example 'message.received' or 'message.*'.", valueName: "type"))
    var types: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("From whom, or about whom.", valueName: "account"))
    var from: String?

    @Option(
        name: .customShort("C", allowingJoined: true),
        help: ArgumentHelp("End after so many.", valueName: "count"))
    var count: Int?

    @Option(
        name: .customShort("W", allowingJoined: true),
        help: ArgumentHelp("End after so many seconds.", valueName: "seconds"))
    var seconds: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("After which position: the 'id' of an event, or 'oldest'.", valueName: "cursor"))
    var after: String?

    @Option(help: ArgumentHelp("A name under which the gateway keeps how far this was.", valueName: "name"))
    var consumer: String?

    @OptionGroup var choice: SignInChoice

    func validate() throws {
        guard after == nil || consumer == nil else { throw ValidationError("Say --after or --consumer, not both.") }
        // Both may begin with a hyphen; an option in their place is none of them, and they were forgotten.
        guard after?.first != "-" || after.map(CommandWords.isCursor) == true else {
            throw ValidationError("Missing value for '--after <cursor>'")
        }
        guard from?.first != "-" || from.map(CommandWords.isAccount) == true else {
            throw ValidationError("Missing value for '--from <account>'")
        }
        guard count ?? 1 >= 1 else { throw ValidationError("-C takes 1 or more.") }
        guard (0...86_400_000).contains(seconds ?? 0) else { throw ValidationError("-W takes 0 seconds or more.") }
    }

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let style = TerminalStyle(environment: ProcessInfo.processInfo.environment)
            let line = EventLine(style)
            var start = EventStart.now
            if let after { start = after == "oldest" ? .oldest : .after(Cursor(after)) }
            if let consumer { start = .consumer(consumer) }
            var listening = Listening(
                try choice.session(), from: start,
                write: { style.isTerminal ? StandardOutput.write(line.text($0)) : StandardOutput.write($0.json) },
                say: { Terminal.complain($0) })
            listening.types = types
            listening.from = from
            listening.count = count
            listening.seconds = seconds
            try await listening.run()
        }
    }
}
