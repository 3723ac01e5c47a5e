import ArgumentParser
import FoundationEssentials
import GatewayService
import Storage

/// `msnp-gateway state`.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Check, copy and print what a gateway remembers.",
        usage: """
            msnp-gateway state key
            msnp-gateway state check [--state DIR]
            msnp-gateway state backup FILE [--state DIR]
            msnp-gateway state export [--state DIR]
            """,
        discussion: """
            They change nothing, and may be used while a gateway runs with the directory.

            Exit codes: 0 done, 1 not done or something is wrong with the state, 64 wrong usage, 78 wrong settings.
            """,
        subcommands: [Key.self, Check.self, Backup.self, Export.self])

    /// What the commands on a directory have in common.
    struct Options: ParsableArguments {
        @Option(help: KeysOptions.stateHelp, completion: .directory)
        var state: String?

        func administration() throws -> StateAdministration {
            try ExitCode.explaining { () throws(SettingsError) in
                try StateAdministration(state: state, environment: ProcessInfo.processInfo.environment)
            }
        }
    }

    /// `msnp-gateway state key`.
    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key",
            abstract: "Make a key for sealing passwords and print it, this once.",
            discussion:
                "It belongs into a file that its owner alone can read: (umask 077; msnp-gateway state key > FILE).")

        func run() throws {
            guard Terminal.answer(StateAdministration.makeKey()) else { throw ExitCode.failure }
        }
    }

    /// `msnp-gateway state check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Read everything, and say what is there and what is wrong with it.")

        @OptionGroup var options: Options

        func run() async throws {
            let state = try options.administration()
            let report = try await ExitCode.explaining { () async throws(StoreError) in try await state.check() }
            for line in report.lines where !Terminal.answer(line) { throw ExitCode.failure }
            guard report.isSound else { throw ExitCode.failure }
        }
    }

    /// `msnp-gateway state backup`.
    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup",
            abstract: "Write a copy of this moment into a new file.",
            discussion: "To go back to it, put it, as state.db, into a new directory beside keys.json.")

        @Argument(help: "A file that is not there yet.", completion: .file())
        var file: String

        @OptionGroup var options: Options

        func run() throws {
            let state = try options.administration()
            try ExitCode.explaining { () throws(StoreError) in try state.backup(to: file) }
        }
    }

    /// `msnp-gateway state export`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Print each record and each event as a line of JSON, without passwords.")

        @OptionGroup var options: Options

        func run() throws {
            let state = try options.administration()
            var isTaken = true
            let missed = try ExitCode.explaining { () throws(StoreError) in
                try state.export { line in
                    isTaken = Terminal.answer(String(decoding: line, as: UTF8.self))
                    return isTaken
                }
            }
            guard isTaken else { throw ExitCode.failure }
            guard missed == 0 else {
                Terminal.complain("\(missed) records or events can't be read and are missing")
                throw ExitCode.failure
            }
        }
    }
}
