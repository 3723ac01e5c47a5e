import Foundation
import Glibc
import Testing

/// `msnp-gateway keys` as a process, alone and beside a gateway that runs.
@Suite(.timeLimit(.minutes(5))) struct KeysCommandTests {
    private let scratch: ScratchDirectory
    private let state: String

    init() throws {
        scratch = try ScratchDirectory()
        state = scratch.path + "/state"
    }

    /// Exit code and lines of `keys …`.
    private func keys(
        _ arguments: String..., environment: [String: String]? = nil
    ) async throws -> (code: Int32, lines: [String]) {
        let environment = environment ?? ["MSNP_GATEWAY_STATE_DIRECTORY": state]
        let process = try GatewayProcess(["keys"] + arguments, environment: environment)
        return (try await process.exitCode(), try await process.allLines())
    }

    private func keys(_ arguments: [String]) async throws -> (code: Int32, lines: [String]) {
        let process = try GatewayProcess(["keys"] + arguments, environment: ["MSNP_GATEWAY_STATE_DIRECTORY": state])
        return (try await process.exitCode(), try await process.allLines())
    }

    @Test("A key is made, printed once, listed without its secret, and revoked")
    func life() async throws {
        let added = try await keys("add", "dashboard", "--admin")
        #expect(added.code == 0)
        #expect(added.lines.count == 1)
        let key = try #require(added.lines.first)
        #expect(key.contains(/^mgk_[A-Za-z0-9_-]{43}$/))
        let listed = try await keys("list", "--state", state, environment: [:])
        #expect(listed.code == 0)
        #expect(listed.lines.count == 1)
        #expect(listed.lines.first?.hasPrefix("dashboard  admin  20") == true)
        let twice = try await keys("add", "dashboard")
        #expect(twice.code == 1)
        #expect(twice.lines == ["msnp-gateway: there is a key named dashboard already"])
        let unknown = try await keys("revoke", "nobody")
        #expect(unknown.code == 1)
        #expect(unknown.lines == ["msnp-gateway: there is no key named nobody"])
        let revoked = try await keys("revoke", "dashboard")
        #expect(revoked.code == 0)
        #expect(revoked.lines.isEmpty)
        let empty = try await keys("list")
        #expect(empty.code == 0)
        #expect(empty.lines.isEmpty)
    }

    @Test("A key's pace is said when it is made or later, and listed where it is not the usual")
    func pace() async throws {
        #expect(try await keys("add", "usual").code == 0)
        #expect(try await keys("add", "slow", "--messages-per-second", "1", "--message-burst", "20").code == 0)
        var listed = try await keys("list").lines
        #expect(listed.first?.hasSuffix("Z") == true)
        #expect(listed.last?.hasSuffix("Z  1/s, 20 at once") == true)
        #expect(try await keys("pace", "slow", "--messages-per-second", "10000").code == 0)
        #expect(try await keys("pace", "usual", "--message-burst", "5").code == 0)
        listed = try await keys("list").lines
        #expect(listed.last?.hasSuffix("  10000/s, 20 at once") == true)
        #expect(listed.first?.hasSuffix("  50/s, 5 at once") == true)
        #expect(try await keys("pace", "slow", "--default").code == 0)
        #expect(try await keys("list").lines.last?.hasSuffix("Z") == true)
        let unknown = try await keys("pace", "nobody", "--default")
        #expect(unknown.code == 1 && unknown.lines == ["msnp-gateway: there is no key named nobody"])
        for wrong in [
            ["--messages-per-second", "0"], ["--messages-per-second", "10001"], ["--message-burst", "0"],
            ["--message-burst", "100001"], ["--message-burst", "many"],
        ] {
            for command in ["add", "pace"] {
                let refused = try await keys([command, "slow"] + wrong)
                #expect(refused.code == 64 && refused.lines.first?.contains(wrong[0].dropFirst(2)) == true, "\(wrong)")
            }
        }
        for wrong in [[], ["--default", "--message-burst", "5"]] {
            let refused = try await keys(["pace", "slow"] + wrong)
            #expect(refused.code == 64 && refused.lines.first?.contains("--default") == true)
        }
    }

    @Test("The settings file knows the directory too")
    func settingsFile() async throws {
        let file = try scratch.write("gateway.yaml", "stateDirectory: \(state)\nsandbox: {enabled: true}\n")
        #expect(try await keys("add", "bot", environment: ["MSNP_GATEWAY_CONFIG": file]).code == 0)
        #expect(try await keys("list").lines.count == 1)
    }

    @Test("What is wrong is said, with the exit code for it")
    func mistakes() async throws {
        let nowhere = try await keys("list", environment: [:])
        #expect(nowhere.code == 78)
        #expect(nowhere.lines.first?.contains("--state") == true)
        #expect(try await keys("list").code == 78, "there is no such directory yet")
        for wrong in ["a/b", "", "ä", String(repeating: "n", count: 65)] {
            #expect(try await keys("add", wrong).code == 64)
        }
        #expect(!FileManager.default.fileExists(atPath: state))
        #expect(mkdir(state, 0o700) == 0 && chmod(state, 0o777) == 0)
        let open = try await keys("add", "bot")
        #expect(open.code == 78)
        #expect(open.lines.first?.contains("others can write") == true)
    }

    @Test("Commands at the same time all count")
    func concurrency() async throws {
        let processes = try (0..<8).map { number in
            try GatewayProcess(["keys", "add", "key-\(number)", "--state", state])
        }
        for process in processes { #expect(try await process.exitCode() == 0) }
        #expect(try await keys("list").lines.count == 8)
    }

    @Test("A gateway that runs follows, and neither key nor hash is in its log")
    func beside() async throws {
        let gateway = try GatewayProcess(
            ["serve", "--listen", "127.0.0.1:0", "--sandbox", "0", "--state", state],
            environment: ["MSNP_GATEWAY_LOG_LEVEL": "trace"])
        let port = try await gateway.port()
        #expect(try await RawHTTP.get("/v1", port: port).contains(#""signIn":"open""#))
        let key = try #require(try await keys("add", "bot").lines.first)
        _ = try await gateway.line(containing: "API keys changed")
        #expect(try await RawHTTP.get("/v1", port: port).contains(#""signIn":"key""#))
        let kept = try String(contentsOfFile: state + "/keys.json", encoding: .utf8)
        let hash = try #require(kept.firstMatch(of: /[0-9a-f]{64}/)).output
        // What can't be read changes nothing, and is said.
        try Data("{".utf8).write(to: URL(filePath: state + "/keys.json"))
        _ = try await gateway.line(containing: "can't read the API keys")
        #expect(try await RawHTTP.get("/v1", port: port).contains(#""signIn":"key""#))
        gateway.signal(SIGTERM)
        #expect(try await gateway.exitCode() == 0)
        let log = try await gateway.allLines().joined()
        #expect(!log.contains(key.dropFirst(4)) && !log.contains(hash))
        // The same at the start keeps it from starting.
        let again = try GatewayProcess(["serve", "--listen", "127.0.0.1:0", "--sandbox", "0", "--state", state])
        #expect(try await again.exitCode() == 78)
        #expect(try await again.allLines().first?.contains("keys.json") == true)
    }

    @Test("With a key the gateway may be reached by others; without one it says how to make one")
    func reachable() async throws {
        let serve = ["serve", "--listen", "0.0.0.0:0", "--sandbox", "0", "--state", state]
        let refused = try GatewayProcess(serve)
        #expect(try await refused.exitCode() == 78)
        #expect(try await refused.allLines().first?.contains("msnp-gateway keys add NAME --state") == true)
        #expect(try await keys("add", "bot").code == 0)
        let gateway = try GatewayProcess(serve)
        _ = try await gateway.line(containing: #""message":"listening""#)
        gateway.signal(SIGTERM)
        #expect(try await gateway.exitCode() == 0)
        #expect(try await !gateway.allLines().contains { $0.contains("nobody can sign in") })
    }
}
