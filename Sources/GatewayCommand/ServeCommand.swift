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
            msnp-gateway serve [--listen 127.0.0.1:8080 | --listen unix:PATH] [--config FILE] [--backend NAME=HOST:PORT]...
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

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let service = try ExitCode.explaining { () throws(SettingsError) in
            try ServiceEnvironment.take(ProcessInfo.processInfo.environment)
        }
        let inherited = service.sockets.map(\.address)
        let settings = try ExitCode.explaining { () throws(SettingsError) in try prepare(inherited) }
        let threshold = settings.log.bootstrap()
        let logger = Logger(label: "msnp-gateway")
        let running = try await ExitCode.explaining { () async throws(StartError) in
            try await RunningGateway.start(settings, logger, inheriting: service.sockets)
        }
        if settings.passesListenOver {
            logger.notice(
                "the service manager's sockets take the place of listen",
                metadata: ["listen": "\(settings.listen)", "sockets": "\(Self.list(inherited))"])
        }
        if settings.closesSignIn {
            logger.warning("nobody can sign in: there are no API keys, and openSignIn is not on")
        }
        let flags = options.flags
        let reload = SettingsReload(settings, running.reloading, threshold, logger) { () throws(SettingsError) in
            try ServeSettings(
                rereading: flags, environment: ProcessInfo.processInfo.environment, inherited: inherited)
        }
        let manager = service.manager
        try await ServiceRun.run(
            running.services, logger,
            reload: {
                manager?.tell(.reloading)
                reload.run()
                manager?.tell(.ready)
            }, stopping: { manager?.tell(.stopping) }
        ) {
            let url = running.addresses.map(\.url).joined(separator: ",")
            var metadata: Logger.Metadata = ["url": "\(url)", "backends": "\(settings.backendNames)"]
            if let sandbox = running.sandboxAddress { metadata["sandbox"] = "\(sandbox)" }
            logger.info("listening", metadata: metadata)
            Terminal.say("msnp-gateway listening on \(url)")
            if let manager { running.report(to: manager, watchdog: service.watchdog) }
        }
    }

    private static func list(_ addresses: [ListenAddress]) -> String {
        addresses.map(\.description).joined(separator: ",")
    }

    private func prepare(_ inherited: [ListenAddress]) throws(SettingsError) -> ServeSettings {
        var settings = try ServeSettings(
            flags: options.flags, environment: ProcessInfo.processInfo.environment, inherited: inherited)
        if let directory = settings.stateDirectory { try StateDirectory.prepare(directory) }
        settings.findWebDirectory(
            executable: WebDirectory.executable, currentDirectory: FileManager.default.currentDirectoryPath)
        return settings
    }
}

extension ListenAddress: ExpressibleByArgument {
    /// For MSN clients, which know no Unix sockets.
    public init?(argument: String) {
        self.init(parsing: argument)
        if case .unix = self { return nil }
    }

    public var defaultValueDescription: String { description }
}
