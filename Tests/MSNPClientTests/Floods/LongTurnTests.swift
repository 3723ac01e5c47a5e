import Loops
import TestSupport
import Testing

@testable import MSNPClient

/// Turns of a loop that take longer than they may.
@Suite(.timeLimit(.minutes(5))) struct LongTurnTests {
    private let start = MonotonicInstant.now

    private func at(_ milliseconds: Int) -> MonotonicInstant { start + .milliseconds(milliseconds) }

    @Test(
        "Of a turn, what the sessions' sockets took counts as reading, and what others did on the loop as nothing of theirs"
    )
    func whole() {
        var meter = TurnMeter()
        meter.resume(at: at(100))
        meter.read()
        meter.pause(at: at(110))
        // HTTP's time.
        meter.resume(at: at(140))
        meter.read()
        meter.heard(16)
        meter.pause(at: at(160))
        meter.resume(at: at(161))
        meter.endReading()
        meter.heard(3)
        meter.pause(at: at(163))
        #expect(meter.spent == .milliseconds(32))
        #expect(
            meter.turn(of: .milliseconds(71), tasks: 4)
                == ClientRuntime.LongTurn(
                    duration: .milliseconds(71), reading: .milliseconds(30), reads: 2, commands: 19, tasks: 4))
        #expect(
            TurnMeter().turn(of: .milliseconds(1), tasks: 1)
                == ClientRuntime.LongTurn(duration: .milliseconds(1), reading: .zero, reads: 0, commands: 0, tasks: 1))
    }

    @Test("What takes no longer than it may is neither counted nor told of")
    func limit() async throws {
        let patient = try ClientRuntime(loops: 1, longTurn: .seconds(3_600))
        let told = Recorder<ClientRuntime.LongTurn>()
        patient.onLongTurn { told.record($0) }
        let ran = Recorder<Void>()
        let isPosted = patient.household.post { ran.record(()) }
        #expect(isPosted)
        try await ran.first { _ in true }
        await patient.shutdown()
        #expect(told.all.isEmpty)
        #expect(patient.longTurns == 0)
    }

    @Test("A long turn is counted, and whoever wants to know is told what it did")
    func counted() async throws {
        let fixture = try LoopFixture(longTurn: .zero)
        let turns = Recorder<ClientRuntime.LongTurn>()
        fixture.runtime.onLongTurn { turns.record($0) }
        let member = try await fixture.online()
        try await member.hears("x")
        let turn = try await turns.first { $0.commands > 0 }
        #expect(turn.reads > 0)
        #expect(turn.duration >= turn.reading)
        let told = turns.all.count
        #expect(fixture.runtime.longTurns >= told)
        try await fixture.leave(member)
    }
}
