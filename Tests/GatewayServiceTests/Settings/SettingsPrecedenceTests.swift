import Gateway
import GatewayService
import HTTPFront
import Logging
import MSNP
import MSNPClient
import MSNPSandbox
import Testing

@Suite struct SettingsPrecedenceTests {
    @Test func withoutAnythingSaid() throws {
        let settings = try sandboxSettings()
        #expect("\(settings.listen)" == "127.0.0.1:8080")
        #expect(settings.gateway.limits == GatewayLimits())
        #expect(settings.gateway.listensOnLoopback)
        #expect(settings.gateway.openSignIn == nil)
        #expect(settings.gateway.webDirectory == nil)
        #expect(settings.stateDirectory == nil)
        #expect(settings.log == LogSettings())
        #expect(settings.log.level == .info)
        let sandbox = try #require(settings.sandbox)
        #expect(sandbox.port == 1863)
        #expect(sandbox.host == "127.0.0.1")
        #expect(sandbox.extraAccounts == 0)
        #expect(sandbox.newestDialect == .msnp6)
    }

    @Test("Flags win over the environment, which wins over the file")
    func listen() throws {
        let file = "listen: 127.0.0.3:3"
        let environment = ["MSNP_GATEWAY_LISTEN": "127.0.0.2:2"]
        func listen(_ flag: String?, _ environment: [String: String]) throws -> String {
            let settings = try settings(
                {
                    $0.sandbox = .alone
                    $0.listen = flag
                }, environment: environment, file: file)
            return "\(settings.listen)"
        }
        #expect(try listen("127.0.0.1:1", environment) == "127.0.0.1:1")
        #expect(try listen(nil, environment) == "127.0.0.2:2")
        #expect(try listen(nil, [:]) == "127.0.0.3:3")
    }

    @Test("A list replaces a list, it does not add to it")
    func backends() throws {
        let file = "backends: [c=c.example, d=d.example:4]"
        let environment = ["MSNP_GATEWAY_BACKENDS": "b=b.example:2, e=e.example"]
        func names(_ flags: [String], _ environment: [String: String]) throws -> [String] {
            try settings({ $0.backends = flags }, environment: environment, file: file).gateway.backends.map(\.name)
        }
        #expect(try names(["a=a.example:1"], environment) == ["a"])
        #expect(try names([], environment) == ["b", "e"])
        #expect(try names([], [:]) == ["c", "d"])
    }

    @Test func directories() throws {
        let typed = try ScratchDirectory()
        let set = try ScratchDirectory()
        let environment = ["MSNP_GATEWAY_WEB_DIRECTORY": set.path, "MSNP_GATEWAY_STATE_DIRECTORY": "/b"]
        let flags = try settings(
            {
                $0.sandbox = .alone
                $0.web = typed.path
                $0.state = "/a"
            }, environment: environment)
        #expect(flags.gateway.webDirectory == typed.path)
        #expect(flags.stateDirectory == "/a")
        let fromEnvironment = try sandboxSettings(environment: environment)
        #expect(fromEnvironment.gateway.webDirectory == set.path)
        #expect(fromEnvironment.stateDirectory == "/b")
    }

    @Test("--sandbox alone leaves the port to whoever says it")
    func sandboxPort() throws {
        let file = "sandbox: {port: 3000}"
        let environment = ["MSNP_GATEWAY_SANDBOX_PORT": "2000"]
        func port(_ flag: SandboxFlag, _ environment: [String: String]) throws -> Int? {
            try settings({ $0.sandbox = flag }, environment: environment, file: file).sandbox?.port
        }
        #expect(try port(.port("1000"), environment) == 1000)
        #expect(try port(.alone, environment) == 2000)
        #expect(try port(.alone, [:]) == 3000)
        // A port alone starts none.
        #expect(try settings({ $0.backends = ["a=a.example"] }, environment: environment, file: file).sandbox == nil)
    }

    @Test func theEnvironmentNamesTheFile() throws {
        let directory = try ScratchDirectory()
        let first = try directory.write("first.yaml", "listen: 127.0.0.1:1")
        let second = try directory.write("second.yaml", "listen: 127.0.0.1:2")
        var flags = ServeFlags()
        flags.sandbox = .alone
        let environment = ["MSNP_GATEWAY_CONFIG": first]
        #expect(try ServeSettings(flags: flags, environment: environment).listen.port == 1)
        flags.config = second
        #expect(try ServeSettings(flags: flags, environment: environment).listen.port == 2)
    }

    @Test("Empty variables and those of cluster managers are no settings")
    func strangeVariables() throws {
        let environment = [
            "MSNP_GATEWAY_LISTEN": "", "MSNP_GATEWAY_CONFIG": "", "MSNP_GATEWAY_PORT": "tcp://10.0.0.1:80",
            "MSNP_GATEWAY_SERVICE_HOST": "10.0.0.1", "LISTEN": "127.0.0.1:9",
        ]
        #expect("\(try sandboxSettings(environment: environment).listen)" == "127.0.0.1:8080")
    }

    @Test func theLogOfOtherCommands() throws {
        let settings = try LogSettings(
            environment: ["MSNP_GATEWAY_LOG_LEVEL": "debug", "MSNP_GATEWAY_LOG_FORMAT": "json"])
        #expect(settings.level == .debug)
        #expect(settings.format == .json)
    }
}
