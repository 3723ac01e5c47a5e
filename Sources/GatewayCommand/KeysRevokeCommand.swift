import ArgumentParser
import Gateway
import GatewayService

/// `msnp-gateway keys revoke`.
struct KeysRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a key back, and sign its sessions out.")

    @Argument(help: "The key's name.", transform: KeysOptions.name)
    var name: APIKeyName

    @OptionGroup var options: KeysOptions

    func run() throws {
        let keys = try options.existing()
        try ExitCode.explaining { () throws(KeysError) in try keys.revoke(name) }
    }
}
