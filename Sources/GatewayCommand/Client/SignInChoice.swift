import ArgumentParser
import ClientCommands
import FoundationEssentials
import GatewayClient
import GatewayService

/// What the commands that use a gateway have in common.
struct SignInChoice: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("The name of the sign-in, where one has several.", valueName: "name"))
    var name: String = KeptSignIns.usual

    @OptionGroup var trust: AuthoritiesOption

    /// How a gateway is called.
    ///
    /// - Parameter kept: the file of authorities that was named at the sign-in; nil without one.
    func options(for address: GatewayAddress, kept: String? = nil) throws(CommandFailure) -> ClientOptions {
        var options = ClientOptions()
        options.userAgent = "msnp-gateway/\(RootCommand.configuration.version)"
        options.proxy = .environment
        options.authorities = try Authorities.file(
            trust.authorities, kept: kept, isSecure: "\(address)".hasPrefix("https:"),
            environment: ProcessInfo.processInfo.environment)
        return options
    }

    /// What is kept of `--authorities`, for commands in other directories; nil without it.
    var keptAuthorities: String? {
        trust.authorities.map { $0.hasPrefix("/") ? $0 : "\(FileManager.default.currentDirectoryPath)/\($0)" }
    }

    func signIns() throws(CommandFailure) -> KeptSignIns {
        try KeptSignIns(environment: ProcessInfo.processInfo.environment)
    }

    /// The session that was kept.
    func session() throws(CommandFailure) -> RemoteSession {
        let kept = try signIns().load(name)
        return try kept.open(try options(for: kept.gateway, kept: kept.authorities))
    }
}

extension ExitCode {
    /// Runs a body; what it fails with becomes a line on standard error and the exit code that belongs to it.
    static func explaining<Value>(_ body: () async throws(CommandFailure) -> Value) async throws -> Value {
        StandardOutput.ignoreBrokenPipes()
        do {
            return try await body()
        } catch {
            if let message = error.message { Terminal.complain(message) }
            throw ExitCode(error.exitCode)
        }
    }
}

/// What a call of a gateway fails with, as a command's failure.
func calling<Value>(_ body: () async throws(GatewayError) -> Value) async throws(CommandFailure) -> Value {
    do throws(GatewayError) {
        return try await body()
    } catch {
        throw CommandFailure(error)
    }
}

/// Writes what a command answers: JSON as the gateway said it, or for people what `text` makes of it.
func answer(
    _ json: [UInt8], _ text: (TerminalStyle) throws(GatewayError) -> String
) throws(CommandFailure) {
    let style = TerminalStyle(environment: ProcessInfo.processInfo.environment)
    let failure: CommandFailure?
    if style.isTerminal {
        do throws(GatewayError) {
            failure = StandardOutput.write(try text(style))
        } catch {
            throw CommandFailure(error)
        }
    } else {
        failure = StandardOutput.write(json)
    }
    if let failure { throw failure }
}
