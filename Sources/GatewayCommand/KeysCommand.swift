import ArgumentParser

/// `msnp-gateway keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke API keys.",
        usage: """
            msnp-gateway keys add NAME [--admin] [--state DIR]
            msnp-gateway keys list [--state DIR]
            msnp-gateway keys revoke NAME [--state DIR]
            """,
        discussion: """
            A key opens sessions and owns those that it opened. A gateway that runs with the same state directory follows \
            within two seconds.

            Exit codes: 0 done, 1 not done (the name is taken or not known), 64 wrong usage, 78 wrong settings.
            """,
        subcommands: [KeysAddCommand.self, KeysListCommand.self, KeysRevokeCommand.self])
}
