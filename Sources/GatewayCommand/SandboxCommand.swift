import ArgumentParser
import FoundationEssentials
import GatewayService
import HTTPFront
import Logging
import MSNP
import MSNPSandbox

/// `msnp-gateway sandbox`.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run the sandbox alone: an MSN server for trying and testing clients.",
        usage: "msnp-gateway sandbox [--listen 127.0.0.1:1863] [--accounts N] [--dialect MSNP5]",
        discussion: """
            alice, bob, carol, dave, erin and echo @example.com sign in with the password 'sandbox'. The sandbox keeps \
            everything in memory. docs/sandbox.md has the rest.
            """)

    @Option(help: ArgumentHelp("Where clients start; other ports are free ones.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: ServerAddress.defaultPort)

    @Option(help: ArgumentHelp("Add user0001@example.com to userN@example.com.", valueName: "n"))
    var accounts = 0

    @Option(
        help: ArgumentHelp("The newest dialect to speak, from MSNP2. (default: MSNP6)", valueName: "dialect"),
        transform: { name in
            if let dialect = Dialect(named: name) { return dialect }
            throw ValidationError("It has to be \(MSNPSandbox.Configuration.dialectNames).")
        })
    var dialect: Dialect?

    @Flag(help: "Take one command for each read and lose what came with it, as some servers do.")
    var oneCommandPerRead = false

    func validate() throws {
        let range = MSNPSandbox.Configuration.extraAccountRange
        guard range.contains(accounts) else {
            throw ValidationError("--accounts has to be from \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func run() async throws {
        let log = try ExitCode.explaining { () throws(SettingsError) in
            try LogSettings(environment: ProcessInfo.processInfo.environment)
        }
        log.bootstrap()
        let logger = Logger(label: "msnp-gateway")
        var configuration = MSNPSandbox.Configuration()
        configuration.host = listen.host
        configuration.port = Int(listen.port)
        configuration.extraAccounts = accounts
        configuration.takesOneCommandPerRead = oneCommandPerRead
        if let dialect { configuration.newestDialect = dialect }
        let wanted = configuration
        let running = try await ExitCode.explaining { () async throws(StartError) in
            try await RunningSandbox.start(wanted)
        }
        try await ServiceRun.run([running.service], logger) {
            logger.info("sandbox listening", metadata: ["address": "\(running.address)"])
            Terminal.say("msnp-gateway sandbox listening on \(running.address)")
        }
    }
}
