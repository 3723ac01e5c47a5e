import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// State and cursor of a snapshot are of one instant.
@Suite(.timeLimit(.minutes(5))) struct SnapshotTests {
    /// Something that changes what a session knows, with its number in it.
    private static func line(_ number: Int, _ random: inout SplitMix) -> String {
        let version = number + 4
        let account = "user\(Int.random(in: 1...6, using: &random))@example.com"
        let list = ["FL", "AL", "BL"].randomElement(using: &random) ?? "FL"
        let status = ["NLN", "BSY", "AWY", "PHN"].randomElement(using: &random) ?? "NLN"
        return switch Int.random(in: 0..<12, using: &random) {
        case 0, 1: "ADD 0 \(list) \(version) \(account) N\(number)"
        case 2: "ADD 0 RL \(version) \(account) N\(number)"
        case 3: "REM 0 \(list) \(version) \(account)"
        case 4: "REM 0 RL \(version) \(account)"
        case 5, 6: "NLN \(status) \(account) N\(number)"
        case 7: "FLN \(account)"
        case 8: "BPR \(version) \(account) PHH \(number)"
        case 9: "PRP 0 \(version) PHM \(number)"
        case 10: "BLP 0 \(version) \(["AL", "BL"].randomElement(using: &random) ?? "AL")"
        default: "CHG 0 \(status)"
        }
    }

    @Test("Each of many, read while everything changes, and the events after it come to the same end")
    func atomic() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        let isOver = Recorder<Bool>()
        let readers = (0..<3).map { reader in
            Task {
                var snapshots: [TestAnswer] = []
                var cursors: Set<String> = []
                while isOver.all.isEmpty {
                    let snapshot = await alice.get("/snapshot")
                    // Each reader keeps other states, and together they keep three of five.
                    let cursor = try snapshot.string("cursor")
                    if let number = Cursor(parsing: cursor)?.sequence, number % 5 == reader,
                        cursors.insert(cursor).inserted
                    {
                        snapshots.append(snapshot)
                    }
                    await Task.yield()
                }
                return snapshots
            }
        }
        let first = await alice.get("/snapshot")
        var random = SplitMix(seed: 20)
        for chunk in 0..<50 {
            for number in 0..<20 { server.say(Self.line(chunk * 20 + number, &random)) }
            // The next ones come once these are known, so that readers see many states.
            try await alice.fence()
        }
        isOver.record(true)
        let end = try EventReducer(await alice.get("/snapshot"))
        let history = try await alice.history(after: try first.string("cursor"))
        #expect(history.count > 300)
        var snapshots = [first]
        for reader in readers { snapshots += try await reader.value }
        let different = Set(try snapshots.map { try $0.string("cursor") }).count
        #expect(different > 10, "the readers saw too little")
        for snapshot in snapshots {
            var state = try EventReducer(snapshot)
            try state.follow(history)
            #expect(state == end)
        }
        try await harness.stop()
        try await server.stop()
    }
}
