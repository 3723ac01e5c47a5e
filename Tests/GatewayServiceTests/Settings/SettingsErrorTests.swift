import Foundation
import GatewayService
import Testing

/// Every way to say it wrong: one line that names the key, and the exit code that tells scripts whose fault it is.
@Suite struct SettingsErrorTests {
    @Test(
        arguments: [
            ("LISTEN", "nowhere", "an address and a port"), ("LISTEN", "127.0.0.1", "an address and a port"),
            ("BACKENDS", "a", "NAME=HOST:PORT"), ("BACKENDS", "A=a.example", "NAME=HOST:PORT"),
            ("BACKENDS", "a=a.example,", "NAME=HOST:PORT"), ("BACKENDS", "a=a.example:0", "NAME=HOST:PORT"),
            ("BACKENDS", "-a=a.example", "NAME=HOST:PORT"), ("BACKENDS", "a=a.example,a=b.example", "called a"),
            ("BACKENDS", "sandbox=a.example", "called sandbox"),
            ("PUBLIC_HOSTS", "https://a.example", "a host name"), ("PUBLIC_HOSTS", "a.example:80", "a host name"),
            ("CORS_ORIGINS", "a.example", "an origin"), ("CORS_ORIGINS", "https://a.example/", "an origin"),
            ("CORS_ORIGINS", "*", "an origin"), ("CORS_ORIGINS", "null", "an origin"),
            ("TRUSTED_PROXIES", "proxy.example", "an IP address"), ("OPEN_SIGN_IN", "maybe", "true or false"),
            ("WEB_DIRECTORY", "/nonexistent", "a directory"), ("LOG_LEVEL", "loud", "one of trace"),
            ("LOG_FORMAT", "xml", "one of auto, text, json"),
            ("SANDBOX_PORT", "65536", "from 0 to 65535"), ("SANDBOX_PORT", "-1", "from 0 to 65535"),
            ("SANDBOX_ACCOUNTS", "many", "a whole number"), ("SANDBOX_DIALECT", "MSNP7", "one of MSNP2"),
            ("LIMITS_SESSIONS", "0", "from 1 to"), ("LIMITS_SESSIONS", "1.5", "a whole number"),
            ("LIMITS_SESSIONS", "99999999999999999999", "a whole number"),
            ("LIMITS_JOURNAL_BYTES", "-1", "from 0 to"), ("LIMITS_JOURNAL_AGE", "1h", "a whole number"),
            ("BACKEND_SANDBOX_KEEPALIVE", "often", "one of auto, ping, none"),
            (
                "BACKEND_SANDBOX_QUIRKS", "slow",
                "no-list-versions, silent-displacement, pipelines, one-switchboard, or no- and one of ADD,"
            ),
            ("BACKEND_SANDBOX_QUIRKS", "no-CHG", "no-list-versions"), ("BACKEND_SANDBOX_QUIRKS", "no-USR", "no- and"),
            ("BACKEND_SANDBOX_QUIRKS", "no-SYN", "no- and"), ("BACKEND_SANDBOX_QUIRKS", "no-QRY", "no- and"),
            ("BACKEND_SANDBOX_QUIRKS", "no-OUT", "no- and"), ("BACKEND_SANDBOX_QUIRKS", "no-pag,URL", "\"URL\" is not"),
            ("BACKEND_SANDBOX_DIALECTS", "MSNP2", "one of MSNP6, MSNP5, MSNP4"),
            ("BACKEND_SANDBOX_DIALECTS", "MSNP6,MSNP6", "each once"),
            ("BACKEND_SANDBOX_REWRITES", "a", "FROM=TO"), ("BACKEND_SANDBOX_REWRITES", "a:1=b", "FROM=TO"),
            ("BACKEND_SANDBOX_REWRITES", "a=b:1", "FROM=TO"), ("BACKEND_SANDBOX_LOGIN_HOSTS", "", ""),
            ("BACKEND_SANDBOX_LOGIN_HOSTS", "a/b", "a host name"),
            ("BACKEND_SANDBOX_ALLOWED_ADDRESSES", "10.0.0.0/8", "an IP address"),
            ("BACKEND_SANDBOX_CONNECT_TIMEOUT", "0", "from 1 to 3600"),
            ("BACKEND_SANDBOX_SIGN_IN_TIMEOUT", "3601", "from 1 to 3600"),
            ("BACKEND_SANDBOX_REQUEST_TIMEOUT", "x", "from 1 to 3600"),
        ])
    func inTheEnvironment(variable: String, value: String, expected: String) throws {
        let name = "MSNP_GATEWAY_\(variable)"
        let error = try complaint(environment: [name: value])
        // An empty variable is none.
        if value.isEmpty {
            #expect(error == nil)
            return
        }
        let text = "\(try #require(error))"
        #expect(text.hasPrefix("\(name): "))
        #expect(text.contains(expected))
        #expect(error?.exitCode == 78)
    }

    @Test func aSandboxThatIsNeitherOnNorOff() throws {
        let error = try complaint({ _ in }, environment: ["MSNP_GATEWAY_SANDBOX_ENABLED": "2"])
        #expect(error.map { "\($0)" } == "MSNP_GATEWAY_SANDBOX_ENABLED: \"2\" is not true or false")
    }

    @Test func onTheCommandLine() throws {
        func check(_ expected: String, _ flags: (inout ServeFlags) -> Void) throws {
            let error = try #require(
                try complaint {
                    $0.sandbox = .alone
                    flags(&$0)
                })
            #expect("\(error)" == expected)
            #expect(error.exitCode == 64)
        }
        try check(
            "--listen: \"x\" is not an address and a port, such as 127.0.0.1:8080 or [::1]:8080, or unix: and the absolute "
                + "path of a socket of at most 107 bytes"
        ) { $0.listen = "x" }
        try check("--backend: \"x\" is not NAME=HOST:PORT, with a name of lower-case letters, digits and hyphens") {
            $0.backends = ["a=a.example", "x"]
        }
        try check("--sandbox: \"x\" is not a whole number from 0 to 65535") { $0.sandbox = .port("x") }
        try check("--web: \"/nonexistent\" is not a directory") { $0.web = "/nonexistent" }
        try check("--state: \"\" is not a path") { $0.state = "" }
    }

    @Test(
        arguments: [
            ("listen: x", 1, "listen: \"x\" is not"),
            ("\n\nlimits:\n  sessions: lots", 4, "limits.sessions: \"lots\" is not a whole number"),
            ("limits.sessions: lots", 1, "limits.sessions: \"lots\" is not a whole number"),
            ("limits: {sessions: 1, limts: 2}", 1, "there is no setting \"limits.limts\""),
            ("logLevel: info\nlisen: x", 2, "there is no setting \"lisen\""),
            ("Listen: 127.0.0.1:80", 1, "there is no setting \"Listen\""),
            ("backend:\n  a:\n    keepalive: ping", 3, "backend.a.keepalive: there is no backend \"a\""),
            ("backends: [a=a.example]\nbackend:\n  b: {keepalive: ping}", 3, "there is no backend \"b\""),
            ("backend: {A: {keepalive: ping}}", 1, "there is no setting \"backend.A\""),
            ("backend: {sandbox: {colour: blue}}", 1, "there is no setting \"backend.sandbox.colour\""),
            ("backend: {sandbox: 7}", 1, "backend.sandbox: has to hold further keys"),
            ("limits: 7", 1, "limits: has to hold further keys"),
            ("listen:", 1, "listen: has no value"), ("listen: ~", 1, "listen: has no value"),
            ("listen: [a]", 1, "listen: takes a single value"), ("listen: {a: b}", 1, "listen: takes a single value"),
            ("backends: a=a.example", 1, "backends: takes a list"),
            ("backends:\n  - a=a.example\n  - [b]", 3, "backends: takes a list of single values"),
            ("listen: 127.0.0.1:1\nlisten: 127.0.0.1:2", 1, "\"listen\" twice"),
            ("limits: {sessions: 1}\nlimits.sessions: 2", 2, "limits.sessions: is set in line 1 already"),
            ("- a", 1, "keys and values"), ("? [a]\n: b", 1, "a key has to be a text"),
            ("listen: \"127", 1, "end of stream"), ("a: b: c", 1, "mapping values"), ("limits.: 1", 1, "there is no"),
        ])
    func inTheFile(text: String, line: Int, expected: String) throws {
        let error = try #require(try complaint(file: text))
        #expect("\(error)".hasPrefix("gateway.yaml:\(line): "), "\(error)")
        #expect("\(error)".contains(expected), "\(error)")
        #expect(error.exitCode == 78)
    }

    @Test(arguments: ["", "# nothing\n", "limits:\nsandbox:\n  # port: 1\n", "backend: {sandbox: }"])
    func anEmptyFileSetsNothing(text: String) throws {
        #expect(try complaint(file: text) == nil)
    }

    @Test("The file may speak of backends that flags have taken the place of")
    func replacedBackends() throws {
        let file = "backends: [old=old.example]\nbackend: {old: {keepalive: ping}, sandbox: {keepalive: ping}}"
        #expect(try complaint({ $0.backends = ["new=new.example"] }, file: file) == nil)
    }

    @Test func filesThatAreNone() throws {
        let directory = try ScratchDirectory()
        func complaint(_ path: String) -> SettingsError? {
            #expect(throws: SettingsError.self) { _ = try SettingsFile(path: path) }
        }
        let missing = complaint(directory.path + "/missing.yaml")
        #expect(missing.map { "\($0)" } == "\(directory.path)/missing.yaml: there is no such file")
        #expect(missing?.exitCode == 78)
        #expect(complaint(directory.path)?.problem == "it can't be read")
        let large = try directory.write("large.yaml", String(repeating: "#", count: SettingsFile.largest + 1))
        #expect(complaint(large)?.problem.contains("larger than") == true)
        let just = try directory.write("just.yaml", String(repeating: "#", count: SettingsFile.largest))
        _ = try SettingsFile(path: just)
        try Data([0x6C, 0xFF]).write(to: URL(filePath: directory.path + "/latin.yaml"))
        #expect(complaint(directory.path + "/latin.yaml")?.problem == "not UTF-8")
        #expect(complaint("/dev/zero")?.problem.contains("larger than") == true)
    }

    @Test func noBackendAtAll() throws {
        let error = try #require(try complaint({ _ in }))
        #expect("\(error)".hasPrefix("backends: there is no backend"))
        #expect("\(error)".contains("--sandbox"))
        #expect(error.exitCode == 78)
    }

    @Test("A value can't break the line, nor fill it")
    func oneLine() throws {
        let value = "a\nb\u{1B}[2J" + String(repeating: "x", count: 10_000)
        let error = try #require(try complaint(environment: ["MSNP_GATEWAY_LOG_LEVEL": value]))
        let text = "\(error)"
        #expect(text.contains(#""a\nb\u001b[2Jxxx"#))
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(text.count < 400)
    }
}
