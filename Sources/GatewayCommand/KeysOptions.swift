import ArgumentParser
import FoundationEssentials
import Gateway
import GatewayService

/// What the commands on keys have in common.
struct KeysOptions: ParsableArguments {
    /// How a command on a directory finds it.
    static let stateHelp = ArgumentHelp(
        "The gateway's state directory. (default: MSNP_GATEWAY_STATE_DIRECTORY, or stateDirectory of the file that MSNP_GATEWAY_CONFIG names)",
        valueName: "dir")

    @Option(help: KeysOptions.stateHelp, completion: .directory)
    var state: String?

    func administration() throws(SettingsError) -> KeyAdministration {
        try KeyAdministration(state: state, environment: ProcessInfo.processInfo.environment)
    }

    /// The keys of a directory that is there already; explains what is wrong with it, and ends the command, otherwise.
    func existing() throws -> KeyAdministration {
        try ExitCode.explaining { () throws(SettingsError) in
            let keys = try administration()
            try keys.findDirectory()
            return keys
        }
    }

    /// Throws `ValidationError` for what can't be a name.
    static func name(_ text: String) throws -> APIKeyName {
        guard let name = APIKeyName(text) else { throw ValidationError("A name consists of \(APIKeyName.form).") }
        return name
    }
}
