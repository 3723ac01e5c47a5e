import ArgumentParser
import GatewayService
import MSNP

/// The settings that can be typed: those of the gateway that is served, or looked at.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to listen, port 0 for a free one, or unix: and a path. (default: 127.0.0.1:8080)",
            valueName: "host:port"))
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

    /// As the settings' reader takes them.
    var flags: ServeFlags {
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
