import TestSupport
import Testing

@testable import MSNPClient

/// The loops as whoever is above MSNP's connections sees them.
@Suite(.timeLimit(.minutes(5))) struct SessionLoopTests {
    @Test("The end of a turn comes after everything that the turn began with")
    func endOfTurn() async throws {
        let runtime = try ClientRuntime(loops: 1)
        let loop = runtime.household
        let order = Recorder<String>()
        #expect(!loop.isCurrent)
        let isPosted = loop.post {
            order.record(loop.isCurrent ? "posted" : "elsewhere")
            loop.atEndOfTurn { order.record("end") }
            order.record("done")
        }
        #expect(isPosted)
        try await order.first { $0 == "end" }
        #expect(order.all == ["posted", "done", "end"])
        loop.after(.zero) { order.record("due") }
        try await order.first { $0 == "due" }
        await runtime.shutdown()
    }

    @Test("Nothing comes to a loop that has ended, and whoever asks is told")
    func afterTheEnd() async throws {
        let runtime = try ClientRuntime(loops: 2)
        let loops = runtime.loops
        let never = Recorder<Void>()
        let scheduled = loops[1].after(.seconds(3_600)) { never.record(()) }
        await runtime.shutdown()
        for loop in loops {
            let isPosted = loop.post { never.record(()) }
            #expect(!isPosted)
            loop.after(.zero) { never.record(()) }.cancel()
        }
        scheduled.cancel()
        #expect(never.all.isEmpty)
    }

    @Test("A task runs on its loop; one that outlives the loops runs to its end all the same")
    func tasks() async throws {
        let runtime = try ClientRuntime(loops: 1)
        let loop = runtime.household
        let executor = LoopTaskExecutor(loop)
        let isThere = await Task(executorPreference: executor) { loop.isCurrent }.value
        #expect(isThere)
        let resumed = Recorder<CheckedContinuation<Void, Never>>()
        let task = Task(executorPreference: executor) {
            await withCheckedContinuation { resumed.record($0) }
            return loop.isCurrent
        }
        let continuation = try await resumed.first { _ in true }
        await runtime.shutdown()
        continuation.resume()
        #expect(await task.value == false)
    }
}
