import ArgumentParser
import ClientCommands
import Digests
import Doctor
import FoundationEssentials
import GatewayService
import HTTPFront
import Loops
import MSNP

/// `msnp-gateway doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what is wrong with a gateway's machine, its backends and the way to it.",
        usage: """
            msnp-gateway doctor [URL] [--config FILE] [--state DIR] [--backend NAME=HOST:PORT]... [--key-file FILE]
                                [--account ACCOUNT [--password-file FILE] [--on BACKEND]] [--origin ORIGIN]...
                                [--webhook-listen HOST:PORT [--webhook-url URL]] [--authorities FILE]
                                [--patience N] [--json]
            """,
        discussion: """
            Say what serve is started with, and the URL by which people reach the gateway, and run it as the gateway's \
            user. What is not said is not tried, and is no finding. It changes nothing: a test account is signed in and \
            out, and a webhook made and deleted.

            Exit codes: 0 nothing is wrong, 10 notices, 20 warnings, 30 errors, as the worst of them is; 1 not done, 64 \
            wrong usage, 78 a file can't be read. docs/doctor.md has a row for each finding.
            """)

    @Argument(
        help: ArgumentHelp(
            "Scheme and name by which the gateway is reached, as https://msn.example.", valueName: "url"),
        transform: DoctorCommand.address)
    var url: WebAddress?

    @OptionGroup(title: "What serve is started with") var settings: SettingsOptions

    @Option(
        help: ArgumentHelp("A file with an API key, for polls, streams and webhooks.", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @Option(
        help: ArgumentHelp("An account for tests; elsewhere it may be signed out.", valueName: "account"),
        transform: DoctorCommand.handle)
    var account: Handle?

    @Option(
        help: ArgumentHelp("A file with its password; without it it is asked for.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @Option(
        name: .customLong("on"), help: ArgumentHelp("The account's backend. (default: the first)", valueName: "backend")
    )
    var backendOfAccount: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "An origin whose pages call the gateway, besides those of the settings.", valueName: "origin"),
        transform: { try DoctorCommand.address($0).origin })
    var origin: [String] = []

    @Option(
        help: ArgumentHelp("Where to wait for a webhook that the gateway is asked to send.", valueName: "host:port"))
    var webhookListen: ListenAddress?

    @Option(
        name: .customLong("webhook-url"),
        help: ArgumentHelp("Scheme and name by which the gateway reaches that. (default: the same)", valueName: "url"),
        transform: DoctorCommand.address)
    var webhookURL: WebAddress?

    @OptionGroup var trust: AuthoritiesOption

    @Option(help: ArgumentHelp("Seconds that a poll has to be held, from 1 to 50.", valueName: "n"))
    var patience = 50

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...50).contains(patience) else { throw ValidationError("--patience has to be from 1 to 50") }
        guard account != nil || (passwordFile == nil && backendOfAccount == nil) else {
            throw ValidationError("--password-file and --on are for an --account.")
        }
        guard webhookListen != nil || webhookURL == nil else {
            throw ValidationError("--webhook-url goes with --webhook-listen.")
        }
    }

    func run() async throws {
        let options = try ExitCode.explaining { () throws(SettingsError) in try read() }
        let trusted = try await ExitCode.explaining { () async throws(CommandFailure) in
            try Authorities.file(
                trust.authorities, isSecure: url?.isSecure == true, environment: ProcessInfo.processInfo.environment)
        }
        // Without a URL nobody asks anything of it.
        let client = CurlClient(url?.origin ?? "", authorities: trusted)
        let doctor = Doctor(options, client: client)
        await Interrupts.watch { await doctor.leave() }
        let report: DoctorReport
        do throws(SystemCallError) {
            report = try await doctor.run { result in
                guard !json else { return }
                for line in DoctorReport.lines(of: result) { _ = Terminal.answer(line) }
            }
        } catch {
            Terminal.complain("\(error.call): error \(error.code)")
            throw ExitCode.failure
        }
        await Interrupts.waitForEnd()
        let isTaken =
            json
            ? Terminal.answer(String(decoding: report.json, as: UTF8.self))
            : Terminal.answer("\n\(report.summary)")
        guard isTaken else { throw ExitCode.failure }
        throw ExitCode(report.exitCode)
    }

    private func read() throws(SettingsError) -> DoctorOptions {
        var options = DoctorOptions()
        options.flags = settings.flags
        options.environment = ProcessInfo.processInfo.environment
        options.url = url
        options.key = try keyFile.map { file throws(SettingsError) in try SecretFile.read(file) }
        if let account {
            let password: Secret
            if let passwordFile {
                password = try SecretFile.read(passwordFile)
            } else {
                password = try Prompt.secret("Password of \(account.spelling): ")
            }
            options.account = DoctorOptions.TestAccount(account: account, password: password, backend: backendOfAccount)
        }
        options.origins = origin
        options.webhookListen = webhookListen.map { WebhookTarget(listen: $0, url: webhookURL) }
        options.patience = patience
        return options
    }

    /// An address of which nothing but scheme, host and port may be said.
    private static func address(_ text: String) throws -> WebAddress {
        guard let address = WebAddress(parsing: text),
            [address.origin, address.origin + "/"].contains(text.lowercased())
        else {
            throw ValidationError(
                "It has to be scheme and name alone, as https://msn.example or http://127.0.0.1:8080.")
        }
        return address
    }

    private static func handle(_ text: String) throws -> Handle {
        do throws(HandleError) {
            return try Handle(validating: text)
        } catch {
            throw ValidationError("An account looks like alice@example.com.")
        }
    }
}
