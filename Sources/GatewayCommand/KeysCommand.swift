import ArgumentParser
import FoundationEssentials
import Gateway
import GatewayService

/// `msnp-gateway keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, change, list and revoke API keys.",
        usage: """
            msnp-gateway keys add NAME [--admin] [--messages-per-second N] [--message-burst N] [--state DIR]
            msnp-gateway keys list [--state DIR]
            msnp-gateway keys pace NAME [--messages-per-second N] [--message-burst N] [--default] [--state DIR]
            msnp-gateway keys revoke NAME [--state DIR]
            """,
        discussion: """
            A key opens sessions and owns those that it opened. A gateway that runs with the same state directory follows \
            within two seconds.

            Exit codes: 0 done, 1 not done (the name is taken or not known), 64 wrong usage, 78 wrong settings.
            """,
        subcommands: [
            KeysAddCommand.self, KeysListCommand.self, KeysPaceCommand.self, KeysRevokeCommand.self,
        ])
}

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

    @OptionGroup var sending: PaceOptions

    @OptionGroup var options: KeysOptions

    func run() throws {
        let keys = try ExitCode.explaining { () throws(SettingsError) in
            let keys = try options.administration()
            try keys.makeDirectory()
            return keys
        }
        let key = try ExitCode.explaining { () throws(KeysError) in
            try keys.add(name, isAdmin: admin, pace: sending.pace ?? SendingPace())
        }
        guard Terminal.answer(key.text) else {
            // Nobody knows it, so it is in the way of the next one of that name.
            try ExitCode.explaining { () throws(KeysError) in try keys.revoke(name) }
            Terminal.complain("standard output can't be written to; no key was made")
            throw ExitCode.failure
        }
    }
}

/// `msnp-gateway keys list`.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print name, scopes, time of creation and, where it has one of its own, pace of each key.")

    @OptionGroup var options: KeysOptions

    func run() throws {
        let keys = try options.existing()
        let lines = try ExitCode.explaining(keys.list)
        for line in lines where !Terminal.answer(line) { throw ExitCode.failure }
    }
}

/// `msnp-gateway keys pace`.
struct KeysPaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pace",
        abstract: "Change how fast the sessions of a key may send messages.",
        discussion: "What is not said stays as it is. Sessions that are there go on at the new pace.")

    @Argument(help: "The key's name.", transform: KeysOptions.name)
    var name: APIKeyName

    @OptionGroup var sending: PaceOptions

    @Flag(name: .customLong("default"), help: "As fast as every session may.")
    var usual = false

    @OptionGroup var options: KeysOptions

    func validate() throws {
        guard usual != (sending.pace != nil) else {
            throw ValidationError("Say --messages-per-second, --message-burst or both, or else --default.")
        }
    }

    func run() throws {
        let keys = try options.existing()
        try ExitCode.explaining { () throws(KeysError) in try keys.change(name, to: sending.pace) }
    }
}

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
