import Gateway
import GatewayService
import HTTPFront
import Logging
import MSNP
import MSNPClient
import MSNPSandbox
import NIOCore
import Testing
import Webhooks

/// Each key arrives where it belongs.
@Suite struct ServeSettingsTests {
    static let everything = """
        listen: 0.0.0.0:9090
        backends:
          - escargot=m1.escargot.example
          - office=192.168.1.5:1864
        backend:
          escargot:
            loginHosts: [Login.Example, login.sandbox.example]
            keepalive: ping
            quirks: [no-PAG, No-Fnd, no-list-versions, Silent-Displacement]
            dialects: [MSNP5, msnp4]
            rewrites:
              - 10.0.0.1:1863=ns.example:1900
              - "inner.example=outer.example"
              - "[fd00::1]:5=[::1]:6"
            allowedAddresses: [10.0.0.1, "fd00::1"]
            connectTimeout: 3
            signInTimeout: 4
            requestTimeout: 5
            signInsInFlight: 6
            signInsPerSecond: 7
        publicHosts: [Gateway.example]
        corsOrigins: ["https://Dash.example", "http://dash.example:8081"]
        trustedProxies: [10.0.0.2, "::1"]
        openSignIn: yes
        webhooks:
          allowedAddresses: [10.0.0.0/8, "fd00::1"]
          proxy: http://10.0.0.1:3128
        logLevel: Warning
        logFormat: text
        sandbox:
          enabled: true
          port: 0
          accounts: 7
          dialect: MSNP5
        limits:
          sessions: 1
          sessionsPerAnonymousAddress: 2
          tokensPerSession: 3
          parkedPollsPerSession: 4
          endedSessionAge: 5
          deletedSessionAge: 6
          endedSessions: 7
          endedSessionsPerAnonymousAddress: 7
          journal: {events: 8, bytes: 9, age: 10}
          idleTimeout: 11
          keptIdleTimeout: 13
          totalJournalBytes: 12
        """

    @Test func everyKeyOfTheFile() throws {
        let settings = try settings(file: Self.everything)
        #expect(settings.listen == ListenAddress(host: "0.0.0.0", port: 9090))
        let gateway = settings.gateway
        #expect(!gateway.listensOnLoopback)
        #expect(gateway.publicHosts == ["gateway.example"])
        #expect(gateway.corsOrigins == ["https://dash.example", "http://dash.example:8081"])
        #expect(gateway.trustedProxies == ["10.0.0.2", "::1"])
        #expect(gateway.openSignIn == true)
        #expect(gateway.webhooks.policy.listed.map { "\($0)" } == ["10.0.0.0/8", "fd00::1"])
        #expect(gateway.webhooks.proxy == "http://10.0.0.1:3128")
        #expect(settings.log.level == .warning)
        #expect(settings.log.format == .text)
        let sandbox = try #require(settings.sandbox)
        #expect(sandbox.port == 0)
        #expect(sandbox.extraAccounts == 7)
        #expect(sandbox.newestDialect == .msnp5)
        var limits = GatewayLimits()
        limits.sessions = 1
        limits.sessionsPerAnonymousAddress = 2
        limits.tokensPerSession = 3
        limits.parkedPollsPerSession = 4
        limits.endedSessionAge = 5
        limits.deletedSessionAge = 6
        limits.endedSessions = 7
        limits.endedSessionsPerAnonymousAddress = 7
        limits.journal.events = 8
        limits.journal.bytes = 9
        limits.journal.age = 10
        limits.idleTimeout = 11
        limits.keptIdleTimeout = 13
        limits.totalJournalBytes = 12
        #expect(gateway.limits == limits)
    }

    @Test func everySettingOfABackend() throws {
        let backends = try settings(file: Self.everything).gateway.backends
        #expect(backends.map(\.name) == ["escargot", "office", "sandbox"])
        let backend = backends[0]
        #expect(backend.address == ServerAddress(host: "m1.escargot.example", port: 1863))
        #expect(backend.loginHosts == ["login.example", "login.sandbox.example"])
        #expect(backend.keepalive == .ping)
        #expect(backend.quirks == [.lacks(.page), .lacks(.directory), .forgetsListVersions, .displacesSilently])
        #expect(backend.forbiddenCommands == ["PAG", "FND"])
        #expect(!backend.keepsListVersions)
        #expect(backend.displacesSilently)
        #expect(backend.dialects == [.msnp5, .msnp4])
        #expect(backend.connectTimeout == .seconds(3))
        #expect(backend.timeouts.signInStep == .seconds(4))
        #expect(backend.timeouts.request == .seconds(5))
        #expect(backend.signInsInFlight == 6)
        #expect(backend.signInsPerSecond == 7)
        #expect(
            backend.addressPolicy.listed
                == [try #require(IPAddress(literal: "10.0.0.1")), try #require(IPAddress(literal: "fd00::1"))])
        #expect(
            backend.rewritten(ServerAddress(host: "10.0.0.1", port: 1863))
                == ServerAddress(host: "ns.example", port: 1900))
        #expect(
            backend.rewritten(ServerAddress(host: "10.0.0.1", port: 1)) == ServerAddress(host: "10.0.0.1", port: 1))
        #expect(
            backend.rewritten(ServerAddress(host: "inner.example", port: 77))
                == ServerAddress(host: "outer.example", port: 77))
        #expect(backend.rewritten(ServerAddress(host: "fd00::1", port: 5)) == ServerAddress(host: "::1", port: 6))
        // The others keep the defaults.
        #expect(backends[1].address == ServerAddress(host: "192.168.1.5", port: 1864))
        #expect(backends[1].timeouts == FlowTimeouts())
        #expect(backends[1].signInsPerSecond == 50)
        #expect(backends[2].name == "sandbox")
        #expect(backends[2].signInsPerSecond == nil)
        #expect(backends[1].dialects == SignInOffer.usualDialects)
        #expect(backends[1].loginHosts.isEmpty)
        #expect(backends[1].quirks.isEmpty)
        #expect(backends[1].keepsListVersions)
    }

    @Test func aBackendInTheEnvironment() throws {
        let settings = try settings(
            { $0.backends = ["my-server=m.example"] },
            environment: [
                "MSNP_GATEWAY_BACKEND_MY_SERVER_LOGIN_HOSTS": "a.example,b.example",
                "MSNP_GATEWAY_BACKEND_MY_SERVER_REQUEST_TIMEOUT": "9",
                "MSNP_GATEWAY_LIMITS_JOURNAL_EVENTS": "11",
            ])
        #expect(settings.gateway.backends[0].loginHosts == ["a.example", "b.example"])
        #expect(settings.gateway.backends[0].timeouts.request == .seconds(9))
        #expect(settings.gateway.limits.journal.events == 11)
    }

    @Test("The sandbox is a backend like the others, behind those that were named")
    func sandboxBackend() throws {
        let alone = try sandboxSettings().gateway.backends
        #expect(alone.map(\.name) == ["sandbox"])
        #expect(alone.first?.loginHosts == [loginHost])
        #expect(alone.first?.address == ServerAddress(host: "127.0.0.1", port: 1863))
        let tuned = try settings(
            {
                $0.backends = ["a=a.example"]
                $0.sandbox = .port("1900")
            }, file: "backend.sandbox.keepalive: none"
        ).gateway.backends
        #expect(tuned.map(\.name) == ["a", "sandbox"])
        #expect(tuned[1].keepalive == .none)
        #expect(tuned[1].address.port == 1900)
    }

    @Test("Others are let in only when somebody decided who may sign in")
    func signIn() throws {
        let refusal = try #require(
            try complaint({
                $0.sandbox = .alone
                $0.listen = "0.0.0.0:80"
            }))
        #expect(refusal.exitCode == 78)
        #expect("\(refusal)".contains("listen: 0.0.0.0:80"))
        #expect("\(refusal)".contains("MSNP_GATEWAY_OPEN_SIGN_IN"))
        let closed = ["MSNP_GATEWAY_LISTEN": "[::]:80", "MSNP_GATEWAY_OPEN_SIGN_IN": "false"]
        #expect(try complaint(environment: closed)?.exitCode == 78)
        let open = ["MSNP_GATEWAY_LISTEN": "[::]:80", "MSNP_GATEWAY_OPEN_SIGN_IN": "true"]
        #expect(try sandboxSettings(environment: open).gateway.openSignIn == true)
    }

    @Test("A Unix socket is not loopback, and sockets that are handed over count by their own addresses")
    func whoReachesIt() throws {
        let loopback = ListenAddress(host: "127.0.0.1", port: 1)
        let unix = ListenAddress.unix(path: "/run/a.sock")
        func read(_ listen: String?, _ inherited: [ListenAddress], _ environment: [String: String] = [:]) throws
            -> ServeSettings
        {
            var flags = ServeFlags()
            flags.sandbox = .alone
            flags.listen = listen
            return try ServeSettings(flags: flags, environment: environment, inherited: inherited)
        }
        for (listen, inherited, named) in [
            ("unix:/run/a.sock", [], "unix:/run/a.sock"), (nil, [unix], "unix:/run/a.sock"),
            ("127.0.0.1:1", [loopback, unix], "unix:/run/a.sock"),
            ("127.0.0.1:1", [ListenAddress(host: "::", port: 2)], "[::]:2"),
        ] as [(String?, [ListenAddress], String)] {
            let refusal = try #require(throws: SettingsError.self) { try read(listen, inherited) }
            #expect(refusal.exitCode == 78 && "\(refusal)".contains("listen: \(named) can be reached by others"))
            let opened = try read(listen, inherited, ["MSNP_GATEWAY_OPEN_SIGN_IN": "true"])
            #expect(!opened.gateway.listensOnLoopback)
        }
        // What nobody listens at opens nothing to nobody.
        let taken = try read("0.0.0.0:80", [loopback])
        #expect(taken.gateway.listensOnLoopback && taken.addresses == [loopback] && taken.passesListenOver)
        #expect(try !read(nil, [loopback]).passesListenOver)
        #expect(try read("127.0.0.1:1", []).addresses == [loopback])
    }

    @Test("Settings that leave nobody to sign in are told apart")
    func closedSignIn() throws {
        #expect(try !sandboxSettings().closesSignIn)
        #expect(try sandboxSettings(file: "publicHosts: [a.example]").closesSignIn)
        #expect(try sandboxSettings(file: "trustedProxies: [127.0.0.1]").closesSignIn)
        #expect(try sandboxSettings(file: "openSignIn: false").closesSignIn)
        #expect(try !sandboxSettings(file: "{publicHosts: [a.example], openSignIn: true}").closesSignIn)
        var withKeys = try sandboxSettings(file: "publicHosts: [a.example]")
        withKeys.hasKeys = true
        #expect(!withKeys.closesSignIn)
    }
}
