import ArgumentParser
import ClientCommands
import Gateway
import GatewayService
import Glibc

/// `msnp-gateway`.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "msnp-gateway",
        abstract: "An HTTP gateway to MSN Messenger servers.",
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Running a gateway",
                subcommands: [
                    ServeCommand.self, KeysCommand.self, StateCommand.self, SandboxCommand.self, DoctorCommand.self,
                ]),
            CommandGroup(
                name: "Using one",
                subcommands: [
                    LoginCommand.self, LogoutCommand.self, StatusCommand.self, ContactsCommand.self, SendCommand.self,
                    ListenCommand.self, APICommand.self,
                ]),
        ])

    /// In full where it is asked for, which loads a library.
    private static var version: String {
        CommandLine.arguments.contains("--version")
            ? ProgramVersion.text(executable: WebDirectory.executable) : GatewayConfiguration.currentVersion
    }
}

/// What the kernel starts.
@main enum Program {
    static func main() {
        // Before any thread, file or password.
        ProcessLimits.apply()
        // The language's library reads them from /proc; without it every command would print the help and say that it went well.
        guard !CommandLine.arguments.isEmpty else {
            Terminal.complain("there is no /proc, so that nobody knows what is asked for; mount -t proc proc /proc")
            exit(ExitCode.failure.rawValue)
        }
        // Not on this thread, which is that of the main actor.
        Task.detached {
            do throws(CommandFailure) {
                await RootCommand.main(try CommandWords.arranged(Array(CommandLine.arguments.dropFirst())))
            } catch {
                if let message = error.message { Terminal.complain(message) }
                exit(error.exitCode)
            }
            exit(ExitCode.success.rawValue)
        }
        // Asynchronous, this function would end its thread, and what looks through the tables of unwinding for that stays in memory:
        // 0.7 MB. Nothing runs here any more; the thread takes the signals that nobody watches.
        while true { pause() }
    }
}
