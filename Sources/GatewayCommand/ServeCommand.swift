import ArgumentParser
import FoundationEssentials
import GatewayService
import HTTPFront
import Logging
import MSNP

/// `msnp-gateway serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API.",
        usage: """
            msnp-gateway serve [--listen 127.0.0.1:8080] [--config FILE] [--backend NAME=HOST:PORT]...
                               [--sandbox [PORT]] [--state DIR] [--state-key FILE] [--web DIR]
                               [--webhook-allow CIDR]... [--webhook-authorities FILE]
            """,
        discussion: """
            Flags win over the environment (MSNP_GATEWAY_LISTEN, ...), which wins over the file. \
            docs/configuration.md has all settings.

            The gateway ends on SIGTERM, SIGINT or SIGQUIT, signing out all sessions first; a second signal ends it at \
            once. On SIGHUP it reads keys and settings again and logs what changed and what needs a restart.

            Exit codes: 0 ended as asked, 1 can't start (the port is taken), 64 wrong usage, 78 wrong settings.
            """)

    @Option(
        help: ArgumentHelp("Where to listen, port 0 for a free one. (default: 127.0.0.1:8080)", valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp("A settings file in YAML.", valueName: "file"), completion: .file())
    var config: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A server to sign in to; the first is the default one.", valueName: "name=host:port"))
    var backend: [String] = []

    @Option(
        defaultAsFlag: SandboxFlag.alone, parsing: .next,
        help: ArgumentHelp(
            "Add the backend 'sandbox', an MSN server in this process, with this port for other clients.",
            valueName: "port"))
    var sandbox: SandboxFlag?

    @Option(
        help: ArgumentHelp("Where the gateway keeps what outlives it; made if missing.", valueName: "dir"),
        completion: .directory)
    var state: String?

    @Option(
        help: ArgumentHelp(
            "What passwords are sealed with, so that sessions come back after a start; 'state key' makes one.",
            valueName: "file"),
        completion: .file())
    var stateKey: String?

    @Option(
        help: ArgumentHelp("The pages to serve. (default: those that came with the program)", valueName: "dir"),
        completion: .directory)
    var web: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Addresses that webhooks may go to although they are not public, and by http:.", valueName: "cidr"))
    var webhookAllow: [String] = []

    @Option(
        help: ArgumentHelp(
            "Certificates in PEM of authorities that webhooks' receivers may have besides the system's.",
            valueName: "file"),
        completion: .file())
    var webhookAuthorities: String?

    func run() async throws {
        let settings = try ExitCode.explaining(prepare)
        let threshold = settings.log.bootstrap()
        let logger = Logger(label: "msnp-gateway")
        let running = try await ExitCode.explaining { () async throws(StartError) in
            try await RunningGateway.start(settings, logger)
        }
        if settings.closesSignIn {
            logger.warning("nobody can sign in: there are no API keys, and openSignIn is not on")
        }
        let flags = flags
        let reload = SettingsReload(settings, running.reloading, threshold, logger) { () throws(SettingsError) in
            try ServeSettings(rereading: flags, environment: ProcessInfo.processInfo.environment)
        }
        try await ServiceRun.run(running.services, logger, reload: { reload.run() }) {
            let url = "http://\(running.address)"
            var metadata: Logger.Metadata = ["url": "\(url)", "backends": "\(settings.backendNames)"]
            if let sandbox = running.sandboxAddress { metadata["sandbox"] = "\(sandbox)" }
            logger.info("listening", metadata: metadata)
            Terminal.say("msnp-gateway listening on \(url)")
        }
    }

    private var flags: ServeFlags {
        var flags = ServeFlags()
        flags.listen = listen
        flags.config = config
        flags.backends = backend
        flags.sandbox = sandbox
        flags.state = state
        flags.stateKey = stateKey
        flags.web = web
        flags.webhookAddresses = webhookAllow
        flags.webhookAuthorities = webhookAuthorities
        return flags
    }

    private func prepare() throws(SettingsError) -> ServeSettings {
        var settings = try ServeSettings(flags: flags, environment: ProcessInfo.processInfo.environment)
        if let directory = settings.stateDirectory { try StateDirectory.prepare(directory) }
        settings.findWebDirectory(
            executable: WebDirectory.executable, currentDirectory: FileManager.default.currentDirectoryPath)
        return settings
    }
}

extension SandboxFlag: ExpressibleByArgument {
    /// Whether it is a port is for the settings to say, which know the flag's other sources too.
    public init?(argument: String) { self = .port(argument) }
}

extension SandboxFlag: CustomStringConvertible {
    /// For the help.
    public var description: String {
        switch self {
        case .alone: "\(ServerAddress.defaultPort)"
        case .port(let port): port
        }
    }
}

extension ListenAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }

    public var defaultValueDescription: String { description }
}
