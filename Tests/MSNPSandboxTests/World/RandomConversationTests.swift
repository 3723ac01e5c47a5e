import MSNP
import MSNPSandbox
import Testing

/// Four people and the robot in conversations at random, and what has to hold whatever they do.
@Suite struct RandomConversationTests {
    @Test("Who is in a room knows who else is, and each message is heard once", arguments: 1...6 as ClosedRange<UInt64>)
    func anything(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let stage = Stage {
            $0.robot = nil
            // Nobody is to be signed out for leaving challenges unanswered.
            $0.limits.challengeTime = .seconds(1_000_000)
        }
        var party = Party(stage)
        for step in 0..<4_000 {
            try party.act(&random)
            party.check()
            try #require(party.faults.isEmpty, "step \(step): \(party.faults)")
        }
        // The people did get somewhere.
        #expect(party.heard > 200)
        #expect(party.largestRoom == 4)
        // In the end nothing is left of it, not even something that is waited for.
        stage.wait(.seconds(2 * 300))
        stage.wait(.seconds(2 * 300))
        party.check()
        #expect(party.isOver)
        stage.wait(.seconds(1_000_001))
        #expect(stage.world.nextDeadline == nil)
    }
}
