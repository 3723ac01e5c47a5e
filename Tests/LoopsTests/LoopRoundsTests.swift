import Dispatch
import TestSupport
import Testing

@testable import Loops

/// What a watchdog is told by: rounds that no loop can be left out of.
@Suite(.timeLimit(.minutes(2))) struct LoopRoundsTests {
    @Test("Rounds go on while all loops turn, and none ends while one is stuck", arguments: [0, 1, 2])
    func rounds(stuck index: Int) async throws {
        let group = try LoopGroup(count: 3)
        let rounds = Recorder<Int>()
        LoopRounds(of: group, every: .microseconds(100)) { rounds.record(rounds.all.count) }.begin()
        try await rounds.first { $0 >= 3 }
        let (isStuck, release) = (Recorder<Bool>(), DispatchSemaphore(value: 0))
        _ = group.loops[index].post {
            isStuck.record(true)
            release.wait()
        }
        try await isStuck.first { $0 }
        // The last loop ends rounds: what it has begun to do for one that was past the stuck loop is done after this.
        let other = group.loops[index == 2 ? 1 : 2]
        let settled = Recorder<Int>()
        _ = other.post { settled.record(0) }
        try await settled.first { _ in true }
        let before = rounds.all.count
        // The others have the time of many rounds.
        for turn in 1...50 {
            other.after(.microseconds(200)) { settled.record(turn) }
            try await settled.first { $0 == turn }
        }
        #expect(rounds.all.count <= before + 1)
        release.signal()
        try await rounds.first { $0 > before + 3 }
        await group.shutdown()
    }
}
