import Digests
import Encodings
import MSNP
import MSNPClient

/// Signs a test account in at a backend itself, and asks for what can be asked without anybody noticing.
struct TestAccountCheck: Check {
    static let name = "sign-in at"
    /// For each answer.
    static let patience: Duration = .seconds(5)

    let backend: BackendConfiguration
    let account: DoctorOptions.TestAccount?
    let runtime: ClientRuntime

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let account else {
            return [CheckResult(Self.name, of: backend.name, .notTried("there is no test account for it (--account)"))]
        }
        guard !visit.faultyBackends.contains(backend.name) else {
            return [CheckResult(Self.name, of: backend.name, .notTried("something is wrong with the backend already"))]
        }
        var quick = backend
        quick.connectTimeout = min(quick.connectTimeout, Self.patience)
        quick.timeouts.signInStep = min(quick.timeouts.signInStep, Self.patience)
        quick.timeouts.request = min(quick.timeouts.request, Self.patience)
        quick.timeouts.transfer = min(quick.timeouts.transfer, Self.patience)
        let visitor = BackendVisitor(Backend(quick), account, runtime)
        switch await visitor.signIn() {
        case .failure(let end): return [CheckResult(Self.name, of: backend.name, .found(Self.refused(backend, end)))]
        case .success:
            var answers: [CommandAnswer] = []
            var left = TriedCommand.all(own: account.account)[...]
            while let command = left.first {
                let reply = await visitor.ask(command.request)
                if reply == .unsent { break }
                left.removeFirst()
                answers.append(CommandAnswer(command: command.name, reply: reply))
                // The server may close on that one each time.
                if reply == .closed { break }
            }
            await visitor.signOut()
            var results = [
                CheckResult(Self.name, of: backend.name, .sound("online")),
                CheckResult("commands of", of: backend.name, Self.judge(backend, answers)),
            ]
            if !left.isEmpty {
                let names = left.map(\.name).joined(separator: ", ")
                results.append(
                    CheckResult("commands of", of: backend.name, .notTried("\(names), as the connection is gone")))
            }
            return results
        }
    }

    /// What a sign-in that failed comes to.
    static func refused(_ backend: BackendConfiguration, _ end: SessionEnd) -> Finding {
        let evidence: String
        var remedy = "see the server's own log; docs/protocol.md says how servers differ"
        switch end {
        case .refused(let code, let command):
            evidence = "the server answers \(command) with \(code.rawValue)"
            remedy = "\(ErrorCatalogue.entry(for: code)?.advice ?? "try the account with another client")"
        case .unreachable(let reason):
            evidence = "the server that it is referred to can't be reached (\(reason))"
            remedy =
                "set backend.\(backend.name).rewrites or allowedAddresses, where the server announces an address that does not route"
        case .timedOut(let command): evidence = "the server does not answer \(command)"
        default: evidence = "the sign-in ends with \(BackendVisitor.word(for: end))"
        }
        return Finding(.backendSignIn, of: backend.name, seen: evidence, change: remedy)
    }

    /// What the answers come to: an error is an answer too.
    static func judge(_ backend: BackendConfiguration, _ answers: [CommandAnswer]) -> CheckResult.Outcome {
        var findings: [Finding] = []
        var answered: [String] = []
        var left: [String] = []
        for answer in answers {
            switch answer.reply {
            case .answered: answered.append(answer.command)
            case .excluded, .unsent: left.append(answer.command)
            case .silent, .closed, .nonsense:
                let how =
                    switch answer.reply {
                    case .closed: "it closes the connection on \(answer.command)"
                    case .nonsense: "it answers \(answer.command) with what makes no sense"
                    default: "it does not answer \(answer.command) within \(patience.components.seconds) s"
                    }
                findings.append(
                    Finding(
                        .backendCommand, of: "\(backend.name) \(answer.command)", seen: how,
                        change:
                            "add no-\(answer.command) to backend.\(backend.name).quirks: calls that need it are then 501 at once"
                    ))
            }
        }
        let rest = left.isEmpty ? "" : "; not sent, as set: " + left.joined(separator: ", ")
        return .judged(findings, sound: "answers " + answered.joined(separator: ", ") + rest)
    }
}

/// What became of a command.
struct CommandAnswer: Equatable {
    enum Reply: Equatable, Sendable {
        /// With what was asked for, or with an error.
        case answered
        case silent
        case closed
        case nonsense
        /// It was not sent, as the settings exclude it.
        case excluded
        /// It was not sent, as the session was gone.
        case unsent
    }

    let command: String
    let reply: Reply
}

/// A command that is tried: each asks for something, or names what is so already, and reaches nobody.
struct TriedCommand {
    let name: String
    let request: SessionRequest

    /// In the order in which they are tried; the switchboard that the last one brings is never used.
    static func all(own account: Handle) -> [TriedCommand] {
        var requests: [SessionRequest] = [.service(Service.inbox.wireName, parameter: nil)]
        if let query = try? DirectoryQuery(firstName: "Nobody", lastName: "Nowhere", country: "US") {
            requests.append(.outreach(.search(query)))
        }
        // Of somebody who is on no list: an error, or what was asked for.
        if let nobody = try? Handle(validating: "nobody.\(account.spelling.utf8.count)@example.invalid") {
            requests.append(.remove(nobody, from: .forward))
        }
        requests.append(.transfer)
        return requests.map { TriedCommand(name: $0.command, request: $0) }
    }
}
