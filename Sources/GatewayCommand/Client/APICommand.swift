import ArgumentParser
import ClientCommands
import FoundationEssentials
import GatewayClient
import Glibc

/// `msnp-gateway api`.
struct APICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api",
        abstract: "Make any call of the API, as the session.",
        usage: "msnp-gateway api [METHOD] PATH [NAME=TEXT]... [NAME:=JSON]... [--as NAME]",
        discussion: """
            A path with a slash at its beginning is the gateway's (/v1/errors), another the session's (contacts). Without a \
            METHOD it is a GET, or with members a POST. Members are those of the body, or with GET, HEAD and DELETE the \
            parameters of the query. The answer is printed as it comes; 'stream' and 'trace' go on until they are interrupted.

                msnp-gateway api PUT presence status=busy
                msnp-gateway api PATCH contacts/dave@example.com allowed:=true

            \(ClientHelp.exitCodes)
            """)

    @Argument(help: ArgumentHelp("Method, path and members.", valueName: "word"))
    var words: [String]

    @OptionGroup var choice: SignInChoice

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let session = try choice.session()
            let request = try APIWords.request(words, session: session.id)
            if request.isEndless { PipeWatch.start { _exit(0) } }
            let output = StreamOutput(TerminalStyle(environment: ProcessInfo.processInfo.environment))
            let response = try await calling { () async throws(GatewayError) in
                guard request.isEndless else { return try await session.call(request) }
                return try await session.gateway.call(request, as: session.token) { piece in
                    guard let failure = output.write(piece) else { return }
                    if let message = failure.message { Terminal.complain(message) }
                    // Not by way of what is to be done at an end: the transfer is under way.
                    _exit(failure.exitCode)
                }
            }
            guard !response.body.isEmpty else { return }
            try answer(response.body) { _ throws(GatewayError) in
                JSONText.indented(response.body)
                    ?? TerminalText.visible(
                        String(decoding: response.body, as: UTF8.self), keepsLines: true)
            }
        }
    }
}
