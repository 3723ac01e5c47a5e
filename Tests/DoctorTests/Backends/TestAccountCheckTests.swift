import Digests
import MSNP
import MSNPClient
import MSNPSandbox
import Testing

@testable import Doctor

@Suite(.timeLimit(.minutes(5))) struct TestAccountCheckTests {
    private let backend = BackendConfiguration(name: "home", address: ServerAddress(host: "127.0.0.1", port: 1863))

    @Test("An error is an answer; silence, a close and nonsense are findings")
    func answers() {
        let answers = [
            CommandAnswer(command: "URL", reply: .answered), CommandAnswer(command: "REM", reply: .excluded),
        ]
        #expect(TestAccountCheck.judge(backend, answers) == .sound("answers URL; not sent, as set: REM"))
        for reply in [CommandAnswer.Reply.silent, .closed, .nonsense] {
            let found = CheckResult(
                "x", TestAccountCheck.judge(backend, answers + [CommandAnswer(command: "FND", reply: reply)])
            ).findings
            #expect(found.map(\.kind) == [.backendCommand])
            #expect(found[0].subject == "home FND" && found[0].remedy.contains("no-FND"))
        }
    }

    @Test("Nothing that is asked for reaches anybody, and each can be excluded by a quirk")
    func harmless() throws {
        let tried = TriedCommand.all(own: try Handle(validating: "doctor@example.com"))
        #expect(tried.map(\.name) == ["URL", "FND", "REM", "XFR"])
        #expect(tried.allSatisfy { OptionalCommand(rawValue: $0.name) != nil })
    }

    @Test("At the sandbox, with the password and without", arguments: ["sandbox", "hunter2-in-no-output"])
    func sandbox(password: String) async throws {
        var configuration = MSNPSandbox.Configuration()
        configuration.port = 0
        let sandbox = try await MSNPSandbox.Server.start(configuration)
        var home = backend
        home.address = sandbox.dispatchAddress
        let runtime = try ClientRuntime(loops: 1)
        let account = DoctorOptions.TestAccount(
            account: try Handle(validating: "alice@example.com"), password: Secret(password), backend: nil)
        var visit = Visit()
        let results = await TestAccountCheck(backend: home, account: account, runtime: runtime).run(&visit)
        if password == "sandbox" {
            #expect(results.map(\.outcome) == [.sound("online"), .sound("answers URL, FND, REM, XFR")])
        } else {
            let found = results.flatMap(\.findings)
            #expect(found.map(\.kind) == [.backendSignIn] && found[0].evidence.contains("911"))
            #expect(!"\(results)\(DoctorReport(results).json)".contains(password))
        }
        visit.faultyBackends = ["home"]
        let skipped = await TestAccountCheck(backend: home, account: account, runtime: runtime).run(&visit)
        #expect(skipped.map(\.outcome) == [.notTried("something is wrong with the backend already")])
        await runtime.shutdown()
        await sandbox.shutdown()
    }
}
