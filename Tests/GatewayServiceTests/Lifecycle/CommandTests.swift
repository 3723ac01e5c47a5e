import Foundation
import Glibc
import Testing

/// The command as a process, as its users have it.
///
/// The time limit is for a process that neither speaks nor ends.
@Suite(.timeLimit(.minutes(5))) struct CommandTests {
    private static let serve = ["serve", "--listen", "127.0.0.1:0", "--sandbox", "0"]

    @Test("Serves until SIGTERM or SIGINT, and ends with 0", arguments: [SIGTERM, SIGINT])
    func servesAndEnds(signal: Int32) async throws {
        let gateway = try GatewayProcess(Self.serve)
        let port = try await gateway.port()
        let live = try await RawHTTP.get("/livez", port: port)
        #expect(live.hasPrefix("HTTP/1.1 200 "))
        let entry = try await RawHTTP.get("/v1", port: port)
        #expect(entry.contains("\"defaultBackend\":\"sandbox\""))
        gateway.signal(signal)
        #expect(try await gateway.exitCode() == 0)
        let lines = try await gateway.allLines()
        #expect(lines.contains { $0.contains("shutting down") })
        // Nothing but lines of JSON: nobody sits before this terminal.
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["level"] is String)
        }
    }

    @Test("SIGHUP reads the settings again and ends nothing; signals that mean nothing end nothing either")
    func readsAgain() async throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write("gateway.yaml", "limits.sessionsPerAnonymousAddress: 1\n")
        let gateway = try GatewayProcess(Self.serve + ["--config", file])
        let port = try await gateway.port()
        func signIn(_ name: String) async throws -> String {
            try await RawHTTP.post(
                "/v1/sessions", json: #"{"account":"\#(name)@example.com","password":"sandbox"}"#, port: port)
        }
        #expect(try await signIn("alice").hasPrefix("HTTP/1.1 201 "))
        #expect(try await signIn("bob").hasPrefix("HTTP/1.1 429 "))
        try scratch.write("gateway.yaml", "limits.sessionsPerAnonymousAddress: 2\nsandbox.accounts: 7\n")
        for signal in [SIGUSR1, SIGUSR2, SIGPIPE, SIGHUP] { gateway.signal(signal) }
        let line = try await gateway.line(containing: "settings read again")
        #expect(line.contains(#""changed":"limits.sessionsPerAnonymousAddress""#))
        #expect(line.contains(#""needsRestart":"sandbox.accounts""#))
        #expect(try await signIn("bob").hasPrefix("HTTP/1.1 201 "))
        try scratch.write("gateway.yaml", "limits.sessions: none\n")
        gateway.signal(SIGHUP)
        #expect(try await gateway.line(containing: "can't read the settings again").contains("limits.sessions"))
        #expect(try await signIn("alice").hasPrefix("HTTP/1.1 200 "))
        gateway.signal(SIGQUIT)
        #expect(try await gateway.exitCode() == 0)
        #expect(try await gateway.allLines().contains { $0.contains(#""message":"signing out""#) })
    }

    @Test("The sandbox alone has nothing to read again: SIGHUP ends it in order")
    func sandboxHangsUp() async throws {
        let sandbox = try GatewayProcess(["sandbox", "--listen", "127.0.0.1:0"])
        _ = try await sandbox.line(containing: "sandbox listening")
        sandbox.signal(SIGHUP)
        #expect(try await sandbox.exitCode() == 0)
    }

    @Test("Faults of the sandbox are ordered over HTTP, and only where one runs")
    func faults() async throws {
        let gateway = try GatewayProcess(Self.serve)
        let port = try await gateway.port()
        func order(_ json: String, _ port: Int) async throws -> String {
            let answer = try await RawHTTP.post("/v1/sandbox/faults", json: json, port: port)
            return String(answer.prefix { !$0.isNewline })
        }
        #expect(try await order(#"{"fault":"busy","account":"alice@example.com"}"#, port) == "HTTP/1.1 204 No Content")
        let signIn = #"{"account":"alice@example.com","password":"sandbox"}"#
        let refused = try await RawHTTP.post("/v1/sessions", json: signIn, port: port)
        #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("\"code\":600"))
        #expect(try await RawHTTP.post("/v1/sessions", json: signIn, port: port).hasPrefix("HTTP/1.1 201 "))
        #expect(try await order(#"{"fault":"alert","account":"alice@example.com"}"#, port).contains(" 204 "))
        #expect(try await order(#"{"fault":"alert","account":"bob@example.com"}"#, port).contains(" 404 "))
        #expect(try await order(#"{"fault":"alert","account":"who@example.com"}"#, port).contains(" 404 "))
        #expect(try await order(#"{"fault":"explode"}"#, port).contains(" 400 "))
        let without = try GatewayProcess(["serve", "--listen", "127.0.0.1:0", "--backend", "none=127.0.0.1:1"])
        #expect(try await order(#"{"fault":"busy"}"#, try await without.port()).contains(" 404 "))
        for process in [gateway, without] {
            process.signal(SIGTERM)
            #expect(try await process.exitCode() == 0)
        }
    }

    @Test func theProcessIsHardened() async throws {
        let gateway = try GatewayProcess(Self.serve)
        _ = try await gateway.port()
        let limits = try String(contentsOfFile: "/proc/\(gateway.identifier)/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size +0 +0 /#))
        #expect(limits.contains(#/Max open files +(\d+) +\1 /#))
        gateway.signal(SIGTERM)
        #expect(try await gateway.exitCode() == 0)
    }

    @Test func theSandboxAlone() async throws {
        let sandbox = try GatewayProcess(
            ["sandbox", "--listen", "127.0.0.1:0", "--accounts", "1"], environment: ["MSNP_GATEWAY_LOG_FORMAT": "text"])
        let line = try await sandbox.line(containing: "sandbox listening")
        #expect(line.contains(/info +sandbox listening address=127\.0\.0\.1:\d+$/))
        sandbox.signal(SIGTERM)
        #expect(try await sandbox.exitCode() == 0)
    }

    @Test func aTakenPort() async throws {
        let first = try GatewayProcess(Self.serve)
        let port = try await first.port()
        let second = try GatewayProcess(["serve", "--listen", "127.0.0.1:\(port)", "--sandbox", "0"])
        #expect(try await second.exitCode() == 1)
        let said = try await second.allLines()
        #expect(said.count == 1)
        #expect(said.first?.hasPrefix("msnp-gateway: can't listen on 127.0.0.1:\(port): ") == true)
        first.signal(SIGTERM)
        #expect(try await first.exitCode() == 0)
    }

    @Test func aTakenSandboxPort() async throws {
        let first = try GatewayProcess(["sandbox", "--listen", "127.0.0.1:0"])
        let line = try await first.line(containing: "sandbox listening")
        let port = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+)/)).1
        let second = try GatewayProcess(["serve", "--listen", "127.0.0.1:0", "--sandbox", String(port)])
        #expect(try await second.exitCode() == 1)
        #expect(
            try await second.allLines()
                == ["msnp-gateway: the sandbox can't listen on 127.0.0.1:\(port): the port is taken"])
        first.signal(SIGTERM)
        #expect(try await first.exitCode() == 0)
    }

    @Test(
        "Wrong usage is 64, wrong settings are 78",
        arguments: [
            (["serve", "--colour"], 64, "--colour"), (["serve", "extra"], 64, "extra"),
            (["serve", "--sandbox", "--listen", "here"], 64, "--listen"),
            (["serve", "--backend"], 64, "--backend"), (["serve", "--sandbox", "x"], 64, "--sandbox"),
            (["serve"], 78, "backends"), (["serve", "--config", "/nonexistent"], 78, "/nonexistent"),
            (["serve", "--sandbox", "--listen", "0.0.0.0:0"], 78, "openSignIn"),
            (["sandbox", "--dialect", "MSNP99"], 64, "--dialect"),
            (["sandbox", "--accounts", "100001"], 64, "--accounts"),
            (["sandbox", "--listen", "x"], 64, "--listen"),
        ] as [([String], Int32, String)])
    func wrongArguments(arguments: [String], code: Int32, named: String) async throws {
        let gateway = try GatewayProcess(arguments)
        #expect(try await gateway.exitCode() == code)
        #expect(try await gateway.allLines().contains { $0.contains(named) })
    }

    @Test func itSaysWhatItIs() async throws {
        let version = try GatewayProcess(["--version"])
        #expect(try await version.exitCode() == 0)
        let said = try await version.allLines()
        #expect(said.count == 2 && said.first?.hasPrefix("msnp-gateway 0.1.0") == true)
        let libraries =
            #/Swift 6\.\d+, libmicrohttpd \d\S+, libcrypto \d\S+, SQLite 3\S+, libyaml \d\S+, libcurl \d\S+/#
        #expect(said.last?.wholeMatch(of: libraries) != nil, "\(said)")
        let help = try GatewayProcess(["serve", "--help"])
        #expect(try await help.exitCode() == 0)
        #expect(try await help.allLines().contains { $0.contains("[--sandbox [PORT]]") })
    }
}
