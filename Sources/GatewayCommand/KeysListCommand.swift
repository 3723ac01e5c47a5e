import ArgumentParser
import GatewayService

/// `msnp-gateway keys list`.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print name, scopes and time of creation of each key.")

    @OptionGroup var options: KeysOptions

    func run() throws {
        let keys = try options.existing()
        let lines = try ExitCode.explaining(keys.list)
        for line in lines where !Terminal.answer(line) { throw ExitCode.failure }
    }
}
