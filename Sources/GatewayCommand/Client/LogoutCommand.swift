import ArgumentParser
import ClientCommands
import GatewayClient

/// `msnp-gateway logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Sign out, and forget the session.",
        discussion: ClientHelp.exitCodes)

    @OptionGroup var choice: SignInChoice

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let session = try choice.session()
            do throws(GatewayError) {
                try await session.signOut()
            } catch {
                // One that the gateway does not know, or whose token it takes no more, can't be signed out any better.
                guard case .problem(let problem) = error, [401, 404].contains(problem.status) else {
                    throw CommandFailure(error)
                }
            }
            try choice.signIns().remove(choice.name)
        }
    }
}
