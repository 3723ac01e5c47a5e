import ArgumentParser
import Gateway
import GatewayService

/// `msnp-gateway`.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "msnp-gateway",
        abstract: "An HTTP gateway to MSN Messenger servers.",
        version: GatewayConfiguration.currentVersion,
        subcommands: [
            ServeCommand.self, KeysCommand.self, StateCommand.self, SandboxCommand.self, DoctorCommand.self,
        ])
}

/// What the kernel starts.
@main enum Program {
    static func main() async {
        // Before any thread, file or password.
        ProcessLimits.apply()
        await RootCommand.main()
    }
}
