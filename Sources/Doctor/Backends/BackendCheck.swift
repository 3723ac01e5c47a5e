import MSNP
import MSNPClient

/// Whether a backend is there, which dialect it agrees to, and how it takes two commands that come together.
struct BackendCheck: Check {
    static let name = "backend"
    /// For connecting, and for each answer.
    static let patience: Duration = .seconds(4)
    /// For the answers to what comes together: who does not give them is asked again, one after the other.
    private static let shortPatience: Duration = .seconds(2)

    let backend: BackendConfiguration
    /// Whether it is the sandbox that the gateway itself brings.
    let isWithinGateway: Bool
    let runtime: ClientRuntime

    func run(_ visit: inout Visit) async -> [CheckResult] {
        let outcome = await outcome()
        switch outcome {
        case .found(let findings) where findings.contains { $0.kind != .backendOneCommand }:
            visit.faultyBackends.insert(backend.name)
        default: break
        }
        return [CheckResult(Self.name, of: backend.name, outcome)]
    }

    private func outcome() async -> CheckResult.Outcome {
        let probe = BackendProbe(Backend(backend), on: runtime)
        do throws(UnreachableFailure) {
            var together = try await probe.talk([commands], patience: Self.shortPatience)
            var apart: BackendProbe.Talk?
            if together.ending != .answered {
                apart = try await probe.talk(commands.map { [$0] }, patience: Self.patience)
                // Once more: it may have been slow the first time.
                if apart?.ending == .answered {
                    together = try await probe.talk([commands], patience: Self.shortPatience)
                }
            }
            return Self.judge(backend, together: together, apart: apart)
        } catch {
            if isWithinGateway {
                return .notTried("the sandbox is part of the gateway, and none runs with it at \(backend.address)")
            }
            return .found(Self.unreachable(backend, error.reason))
        }
    }

    private var commands: [ClientCommand] {
        var counter = TransactionCounter()
        return [
            .dialects(counter.next(), backend.dialects.map(\.name) + [Dialect.clientVersionOnly]),
            .securityPackages(counter.next()),
        ]
    }

    /// What the talks come to.
    ///
    /// - Parameters:
    ///   - together: `VER` and `INF` in one segment.
    ///   - apart: the same one after the other; nil where both were answered before.
    static func judge(
        _ backend: BackendConfiguration, together: BackendProbe.Talk, apart: BackendProbe.Talk?
    ) -> CheckResult.Outcome {
        let talk = together.ending == .answered ? together : apart ?? together
        guard let names = dialects(in: talk) else { return .found(strange(backend, talk)) }
        let agreed = names.compactMap { Dialect(named: $0) }.first { backend.dialects.contains($0) }
        guard let agreed else {
            return .found(
                Finding(
                    .backendProtocol, of: backend.name,
                    seen: "it answers VER with \(excerpt(names)), and is offered \(offer(backend))",
                    change:
                        "see what the server speaks, and set backend.\(backend.name).dialects, where it is one of these"
                ))
        }
        guard talk.ending == .answered else { return .found(strange(backend, talk)) }
        if together.ending == .answered {
            let isSet = backend.quirks.contains(.pipelines)
            return .sound("\(agreed.name), takes two commands in one segment" + (isSet ? "" : "; pipelines may be set"))
        }
        let evidence =
            "\(agreed.name); of VER and INF in one segment it answers \(answered(together)), one after the other both"
        guard backend.quirks.contains(.pipelines) else {
            return .found(
                Finding(
                    .backendOneCommand, of: backend.name, seen: evidence,
                    change:
                        "nothing: commands are sent one at a time; leave pipelines out of backend.\(backend.name).quirks"
                ))
        }
        return .found(
            Finding(
                .backendLosesCommands, of: backend.name, seen: evidence,
                change: "take pipelines out of backend.\(backend.name).quirks"))
    }

    /// What an attempt without a connection comes to.
    static func unreachable(_ backend: BackendConfiguration, _ reason: UnreachableReason) -> Finding {
        let evidence =
            switch reason {
            case .unresolved: "nobody knows an address of \(backend.address.host)"
            case .refused: "nobody listens at \(backend.address)"
            case .timedOut, .silent: "nobody answers at \(backend.address)"
            case .forbiddenAddress: "\(backend.address) may not be connected to"
            case .unusableReferral, .closed: "\(backend.address) closes the connection"
            case .gatewayFull: "this process may open no more files"
            }
        return Finding(
            .backendUnreachable, of: backend.name, seen: evidence,
            change: "start the server, or set the right address in backends; a firewall may be in between")
    }

    private static func dialects(in talk: BackendProbe.Talk) -> [String]? {
        for frame in talk.heard.joined() {
            if case .dialects(_, let names)? = try? ServerCommand(parsing: frame) { return names }
        }
        return nil
    }

    private static func strange(_ backend: BackendConfiguration, _ talk: BackendProbe.Talk) -> Finding {
        let how =
            switch talk.ending {
            case .answered: "it answers, and not what was asked"
            case .silent: "it says nothing more"
            case .closed: "it closes the connection"
            case .garbled: "what it sends is not the protocol"
            }
        return Finding(
            .backendProtocol, of: backend.name, seen: "\(backend.address) answers \(answered(talk)); \(how)",
            change: "see whether an MSN server listens there, and one that speaks \(offer(backend))")
    }

    private static func answered(_ talk: BackendProbe.Talk) -> String {
        let names = talk.heard.joined().map(\.printableCommand)
        return names.isEmpty ? "nothing" : excerpt(names)
    }

    private static func offer(_ backend: BackendConfiguration) -> String {
        backend.dialects.map(\.name).joined(separator: ", ")
    }

    /// A server can say any number of anything.
    private static func excerpt(_ words: [String]) -> String {
        DisplayText.sanitized(words.prefix(6).map { String($0.prefix(20)) }.joined(separator: " "))
    }
}
