import MSNP
import MSNPSandbox
import Testing

/// Three people who say anything at all, and what has to hold whatever they say.
@Suite struct RandomCommandTests {
    private static let users = ["alice", "bob", "dave"]
    private static let everybody = ["alice", "bob", "carol", "dave", "erin", "echo", "uma", "kid", "nora"]

    @Test("Nothing traps and everything stays consistent", arguments: 1...6 as ClosedRange<UInt64>)
    func anything(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let stage = Stage {
            $0.limits.forwardList = 4
            $0.limits.reverseList = 4
            $0.limits.blockList = 2
        }
        var crowd = Crowd(stage)
        let everybody = try Self.everybody.map(stage.id)
        let users = try Self.users.map { ($0, try stage.id($0)) }
        var versions = everybody.map { stage.world[$0].version }
        for step in 0..<4_000 {
            let user = Self.users[Int.random(in: 0..<3, using: &random)]
            try crowd.act(user, &random)
            let newer = everybody.map { stage.world[$0].version }
            // One expectation for all, as each one costs more than what it looks at.
            let isSound =
                users.allSatisfy { crowd.isInformed($0.0, $0.1) } && areConsistent(everybody, in: stage.world)
                && zip(versions, newer).allSatisfy(<=)
            try #require(isSound, "step \(step), \(user): \(crowd.lastLine)")
            versions = newer
        }
        // The people did get somewhere.
        #expect(versions[0] > 50)
        #expect(crowd.presences > 200)
    }

    /// Reverse lists mirror forward lists, nobody is allowed and blocked, and names are kept for listed people alone.
    private func areConsistent(_ everybody: [AccountID], in world: World) -> Bool {
        everybody.allSatisfy { owner in
            let lists = world[owner].lists
            return everybody.allSatisfy { other in
                let isMirrored = lists[.forward].contains(other) == world[other].lists[.reverse].contains(owner)
                let isTorn = lists[.allow].contains(other) && lists[.block].contains(other)
                let isListed = ListName.allCases.contains { lists[$0].contains(other) }
                return isMirrored && !isTorn && (lists.name(of: other) != nil) == isListed
            }
        }
    }
}
