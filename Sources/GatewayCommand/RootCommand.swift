import ArgumentParser
import Gateway

/// `msnp-gateway`.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "msnp-gateway",
        abstract: "An HTTP gateway to MSN Messenger servers.",
        version: GatewayConfiguration.currentVersion,
        subcommands: [ServeCommand.self, KeysCommand.self, StateCommand.self, SandboxCommand.self])
}
