import ArgumentParser
import ClientCommands
import GatewayClient

/// `msnp-gateway login`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in at a gateway, and keep the session for the other commands.",
        usage: """
            msnp-gateway login ACCOUNT [--gateway URL] [--key-file FILE] [--password-file FILE] [--authorities FILE]
                               [--keep] [--as NAME]
            """,
        discussion: """
            The password is asked for, or is the first line of standard input or of a file; it never is an argument. The \
            session's token is kept in a file of mode 0600 below $XDG_STATE_HOME/msnp-gateway, or \
            ~/.local/state/msnp-gateway. The session stays when this command has ended: 'logout' ends it.

            \(ClientHelp.network)

            \(ClientHelp.exitCodes)
            """)

    @Argument(help: "The account, name@domain.")
    var account: String

    @Option(help: ArgumentHelp("Where the gateway is: http://…, https://… or unix:PATH.", valueName: "url"))
    var gateway: String = "http://127.0.0.1:8080"

    @Option(
        help: ArgumentHelp("A file with an API key, for gateways that want one.", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @Option(help: ArgumentHelp("A file whose first line is the password.", valueName: "file"), completion: .file())
    var passwordFile: String?

    @Flag(help: "Have the session stay for 30 days without use instead of 15 minutes, where it has no API key.")
    var keep = false

    @OptionGroup var choice: SignInChoice

    func run() async throws {
        try await ExitCode.explaining { () async throws(CommandFailure) in
            let signIns = try choice.signIns()
            let address: GatewayAddress
            do throws(GatewayError) {
                address = try GatewayAddress(gateway)
            } catch {
                throw CommandFailure(error)
            }
            var key: GatewayCredential?
            if let keyFile {
                key = GatewayCredential(try PrivateFile.firstLine(of: keyFile))
                guard key != nil else { throw .configuration("\(TerminalText.line(keyFile)) has no API key in it") }
            }
            let password: String
            if let passwordFile {
                password = try PrivateFile.firstLine(of: passwordFile)
            } else {
                password = try PasswordPrompt.read(for: account)
            }
            var signIn = SignIn(account, password: password)
            signIn.keep = keep
            let gateway = RemoteGateway(address, key: key, options: try choice.options(for: address))
            let wanted = signIn
            let session = try await calling { () async throws(GatewayError) in try await gateway.signIn(wanted) }
            try signIns.save(
                KeptSignIn(session, account: account, authorities: choice.keptAuthorities), as: choice.name)
            let response = try await calling { () async throws(GatewayError) in
                try await session.call(APIRequest("GET", "/v1/sessions/\(APIRequest.segment(session.id))"))
            }
            try answer(response.body) { style throws(GatewayError) in
                let info = try response.decode(SessionInfo.self)
                let name = style.paint(TerminalText.line(info.account), .bold)
                return "Signed in as \(name) at \(TerminalText.line("\(address)"))."
            }
        }
    }
}

/// What the help of several commands says.
enum ClientHelp {
    static let network = """
        Who may vouch for a gateway at https: is in a file that --authorities names, which the other commands then use, \
        too, or CURL_CA_BUNDLE or SSL_CERT_FILE; else the system's authorities are asked. A gateway elsewhere is asked \
        through the proxy of https_proxy, http_proxy or all_proxy, where no_proxy does not name it, as with curl.
        """
    static let exitCodes = """
        Exit codes: 0 done, 4 the gateway refuses (4xx), 5 the gateway or the server fails (5xx), 6 the gateway can't be \
        reached, 64 wrong usage, 78 nobody is signed in here or a file is not as it has to be, 124 the time is over.
        """
}
