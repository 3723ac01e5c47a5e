import Glibc
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// Edits of one account from all sides, with its connection lost in between.
@Suite(.timeLimit(.minutes(5))) struct RandomEditTests {
    /// More to look for what is rare: `MSNP_GATEWAY_TEST_SEEDS=500`.
    private static let seeds = getenv("MSNP_GATEWAY_TEST_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 6

    private static let others = ["bob", "carol", "dave", "erin", "uma", "kid", "nora", "user0001", "user0002"]

    /// Who does what next.
    private enum Step {
        case call(method: String, path: String, json: String?)
        /// The lists of that account are edited as from elsewhere.
        case edit(of: String, ListEdit)
        case drop
    }

    private static func step(_ random: inout SplitMix) -> Step {
        func other() -> String { "\(others.randomElement(using: &random) ?? "bob")@example.com" }
        func flag() -> String { Bool.random(using: &random) ? "true" : "false" }
        let list = [ListName.forward, .allow, .block].randomElement(using: &random) ?? .forward
        switch Int.random(in: 0..<25, using: &random) {
        case 0...3: return .call(method: "PUT", path: "/contacts/\(other())", json: nil)
        case 4:
            let number = Int.random(in: 0..<100, using: &random)
            return .call(method: "PUT", path: "/contacts/\(other())", json: #"{"displayName":"Name \#(number)"}"#)
        case 5, 6: return .call(method: "DELETE", path: "/contacts/\(other())", json: nil)
        case 7, 8: return .call(method: "PATCH", path: "/contacts/\(other())", json: #"{"blocked":\#(flag())}"#)
        case 9: return .call(method: "PATCH", path: "/contacts/\(other())", json: #"{"allowed":true}"#)
        case 10:
            let mode = Bool.random(using: &random) ? "allow" : "block"
            return .call(
                method: "PUT", path: "/privacy", json: #"{"unknownContacts":"\#(mode)","promptOnAdd":\#(flag())}"#)
        case 11:
            let number = Int.random(in: 0..<100, using: &random)
            return .call(method: "PATCH", path: "/phones", json: #"{"home":"\#(number)","work":null}"#)
        case 12...15:
            return .edit(of: "alice@example.com", ListEdit(.add(name: "Elsewhere"), other(), on: list))
        case 16, 17: return .edit(of: "alice@example.com", ListEdit(.remove, other(), on: list))
        case 18...20:
            return .edit(of: other(), ListEdit(.add(name: "Alice"), "alice@example.com", on: .forward))
        case 21: return .edit(of: other(), ListEdit(.remove, "alice@example.com", on: .forward))
        default: return .drop
        }
    }

    @Test("End with the server's lists, and with events that replay to them", arguments: 1...seeds)
    func replay(seed: UInt64) async throws {
        let harness = try await GatewayHarness.withSandbox(
            server: { $0.extraAccounts = 2 },
            backend: {
                $0.timeouts.backoff.base = .milliseconds(2)
                $0.timeouts.backoff.longest = .milliseconds(20)
                $0.timeouts.presenceSettling = .milliseconds(20)
                // The losses come faster than a second client would cause them.
                $0.timeouts.displacement = .zero
            })
        let server = try #require(harness.sandbox)
        let alice = try await OpenedSession(harness)
        let bob = try await harness.signIn("bob@example.com")
        // From here on a lost connection is no proof that the server does not take a command.
        for (method, path, json) in [
            ("PUT", "/contacts/erin@example.com", #"{"displayName":"E"}"#),
            ("PUT", "/contacts/erin@example.com", #"{"displayName":"F"}"#),
            ("DELETE", "/contacts/erin@example.com", nil),
            ("PUT", "/privacy", #"{"unknownContacts":"allow","promptOnAdd":true}"#),
            ("PATCH", "/phones", #"{"home":"1"}"#), ("GET", "/services/inbox", nil),
        ] {
            let answer = await alice.call(method, path, json)
            try #require(answer.status < 300, "\(method) \(path): \(answer.text)")
        }
        let first = await alice.get("/snapshot")
        var random = SplitMix(seed: seed)
        var losses = 0
        var calls: [PendingCall] = []
        for _ in 0..<150 {
            switch Self.step(&random) {
            case .call(let method, let path, let json):
                let call = alice.begin(method, path, json)
                // Some are still under way when the next thing happens.
                if Bool.random(using: &random) { _ = await call.answer() } else { calls.append(call) }
            case .edit(let account, let edit): _ = await server.edit(edit, of: account)
            case .drop:
                // Two losses right after a sign-in would be a second client's doing.
                // An answer is proof of a connection that was made after the last loss.
                repeat { try await alice.reaches("online") } while await alice.get("/services/inbox").status != 200
                for _ in 0..<4 {
                    if case .call(let method, let path, let json) = Self.step(&random) {
                        calls.append(alice.begin(method, path, json))
                    }
                }
                #expect(await server.order(.drop, account: "alice@example.com"))
                losses += 1
            }
        }
        for call in calls {
            let answer = await call.answer()
            #expect([200, 201, 204, 404, 503].contains(answer.status), "\(answer.text)")
        }
        #expect(losses >= 3)
        try await settle(alice, server)

        let end = try EventReducer(await alice.get("/snapshot"))
        var state = try EventReducer(first)
        try state.follow(await alice.history(after: try first.string("cursor")), upTo: end.sequence)
        #expect(state == end)
        // Over, it shows nobody as online any more, and whoever follows the events knows.
        #expect(await harness.call("DELETE", "/v1/sessions/\(alice.id)", token: alice.token).status == 204)
        let over = try EventReducer(await alice.get("/snapshot"))
        #expect(over.contacts.values.allSatisfy { $0["status"] == .string("offline") })
        try state.follow(await alice.history(after: try first.string("cursor")), upTo: over.sequence)
        #expect(state == over)
        _ = await harness.call("DELETE", "/v1/sessions/\(bob.id)", token: bob.token)
        try await harness.stop()
    }

    /// Waits until the session is online and nobody waits to be let in, then holds it against the server.
    private func settle(_ alice: OpenedSession, _ server: MSNPSandbox.Server) async throws {
        var differences = ["not compared"]
        // Letting somebody in takes an answer of the server's; each fence is one more.
        for _ in 0..<100 where !differences.isEmpty {
            try await alice.reaches("online")
            guard await alice.get("/services/inbox").status == 200 else { continue }
            differences = try await compare(alice, server)
        }
        #expect(differences.isEmpty)
    }

    private func compare(_ alice: OpenedSession, _ server: MSNPSandbox.Server) async throws -> [String] {
        let truth = try #require(await server.account("alice@example.com"))
        let snapshot = await alice.get("/snapshot")
        let state = try EventReducer(snapshot)
        var differences: [String] = []
        for list in ListName.allCases {
            let word = JSONValue.string(list.word)
            let known = state.contacts.filter { contact in
                if case .array(let lists) = contact.value["lists"] { lists.contains(word) } else { false }
            }
            if Set(known.keys) != truth.lists[list] { differences.append("\(list): \(known.keys)") }
        }
        for (account, contact) in state.contacts {
            let status = truth.presences[account].map(\.name) ?? "offline"
            if contact["status"] != .string(status) { differences.append("\(account) is \(status)") }
            if contact["pending"] == .bool(true), truth.addPrompt == .allowSilently {
                differences.append("\(account) is not let in")
            }
        }
        if state.privacy?["unknownContacts"]?.text != (truth.privacy == .allow ? "allow" : "block")
            || state.privacy?["promptOnAdd"] != .bool(truth.addPrompt == .ask)
        {
            differences.append("privacy: \(truth.privacy), \(truth.addPrompt)")
        }
        if state.phones?["home"]?.text != truth.phones[.home] { differences.append("phones") }
        return differences
    }
}
