import ArgumentParser
import Gateway
import GatewayService

/// `msnp-gateway keys add`.
struct KeysAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a key and print it, this once.",
        discussion: "The state directory is made if it is missing. What is kept of the key is its SHA-256 hash.")

    @Argument(help: "What to call it.", transform: KeysOptions.name)
    var name: APIKeyName

    @Flag(help: "Let it list and end everybody's sessions.")
    var admin = false

    @OptionGroup var options: KeysOptions

    func run() throws {
        let keys = try ExitCode.explaining { () throws(SettingsError) in
            let keys = try options.administration()
            try keys.makeDirectory()
            return keys
        }
        let key = try ExitCode.explaining { () throws(KeysError) in try keys.add(name, isAdmin: admin) }
        guard Terminal.answer(key.text) else {
            // Nobody knows it, so it is in the way of the next one of that name.
            try ExitCode.explaining { () throws(KeysError) in try keys.revoke(name) }
            Terminal.complain("standard output can't be written to; no key was made")
            throw ExitCode.failure
        }
    }
}
