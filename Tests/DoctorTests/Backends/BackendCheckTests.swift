import MSNP
import MSNPSandbox
import TestSupport
import Testing

@testable import Doctor
@testable import MSNPClient

@Suite(.timeLimit(.minutes(5))) struct BackendCheckTests {
    private static let version = Frame("VER", ["1", "MSNP6"])
    private static let packages = Frame("INF", ["2", "MD5"])

    private func backend(_ quirks: Set<BackendQuirk> = []) -> BackendConfiguration {
        var backend = BackendConfiguration(name: "home", address: ServerAddress(host: "127.0.0.1", port: 1863))
        backend.quirks = quirks
        return backend
    }

    private func talk(_ heard: [[Frame]], _ ending: BackendProbe.Ending) -> BackendProbe.Talk {
        BackendProbe.Talk(heard: heard, ending: ending)
    }

    private func kinds(_ outcome: CheckResult.Outcome) -> [FindingKind] {
        CheckResult("x", outcome).findings.map(\.kind)
    }

    @Test("Both are answered")
    func both() {
        let together = talk([[Self.version, Self.packages]], .answered)
        #expect(
            BackendCheck.judge(backend([.pipelines]), together: together, apart: nil)
                == .sound("MSNP6, takes two commands in one segment"))
        #expect(
            BackendCheck.judge(backend(), together: together, apart: nil)
                == .sound("MSNP6, takes two commands in one segment; pipelines may be set"))
    }

    @Test("One is answered: an error with pipelines, a notice without")
    func one() {
        let together = talk([[Self.version]], .silent)
        let apart = talk([[Self.version], [Self.packages]], .answered)
        #expect(
            kinds(BackendCheck.judge(backend([.pipelines]), together: together, apart: apart)) == [
                .backendLosesCommands
            ])
        #expect(kinds(BackendCheck.judge(backend(), together: together, apart: apart)) == [.backendOneCommand])
        // The same of one that closes on it.
        #expect(
            kinds(BackendCheck.judge(backend(), together: talk([[]], .closed), apart: apart)) == [.backendOneCommand])
    }

    @Test(
        "No dialect of ours, silence, another protocol",
        arguments: [
            (Frame("VER", ["1", "0"]), BackendProbe.Ending.answered), (Frame("VER", ["1", "MSNP8"]), .answered),
            (Frame("VER", ["1", "MSNP6"]), .silent), (Frame("XYZ", ["1"]), .closed),
        ])
    func strange(frame: Frame, ending: BackendProbe.Ending) {
        let heard = talk([[frame]], ending)
        #expect(kinds(BackendCheck.judge(backend(), together: heard, apart: heard)) == [.backendProtocol])
        let nothing = talk([], .garbled)
        #expect(kinds(BackendCheck.judge(backend(), together: nothing, apart: nothing)) == [.backendProtocol])
    }

    @Test("Whatever a server says, little of it is repeated")
    func excerpt() throws {
        let endless = Frame("VER", ["1"] + Array(repeating: String(repeating: "\u{1B}x", count: 5_000), count: 50))
        let found = CheckResult(
            "x", BackendCheck.judge(backend(), together: talk([[endless]], .answered), apart: nil)
        ).findings
        let evidence = try #require(found.first?.evidence)
        #expect(evidence.count < 300 && !evidence.contains("\u{1B}"))
    }

    @Test("Nobody there")
    func unreachable() async throws {
        let closed = ClosedPort()
        var nobody = backend()
        nobody.address = closed.address
        let runtime = try ClientRuntime(loops: 1)
        var visit = Visit()
        let results = await BackendCheck(backend: nobody, isWithinGateway: false, runtime: runtime).run(&visit)
        #expect(results.flatMap(\.findings).map(\.kind) == [.backendUnreachable])
        #expect(visit.faultyBackends == ["home"])
        // The sandbox within a gateway that does not run is no finding.
        let within = await BackendCheck(backend: nobody, isWithinGateway: true, runtime: runtime).run(&visit)
        #expect(within.flatMap(\.findings).isEmpty)
        await runtime.shutdown()
    }

    @Test("At the sandbox, which takes all that comes, or one command of it", arguments: [false, true])
    func sandbox(takesOne: Bool) async throws {
        var configuration = MSNPSandbox.Configuration()
        configuration.port = 0
        configuration.takesOneCommandPerRead = takesOne
        let sandbox = try await MSNPSandbox.Server.start(configuration)
        var home = backend([.pipelines])
        home.address = sandbox.dispatchAddress
        let runtime = try ClientRuntime(loops: 1)
        var visit = Visit()
        let results = await BackendCheck(backend: home, isWithinGateway: false, runtime: runtime).run(&visit)
        if takesOne {
            #expect(results.flatMap(\.findings).map(\.kind) == [.backendLosesCommands])
        } else {
            #expect(results.map(\.outcome) == [.sound("MSNP6, takes two commands in one segment")])
        }
        await runtime.shutdown()
        await sandbox.shutdown()
    }
}
