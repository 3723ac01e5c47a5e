import NIOCore
import TestSupport
import Testing

@testable import MSNPClient

/// Turns of a loop that take longer than they may.
@Suite(.timeLimit(.minutes(5))) struct LongTurnTests {
    private func at(_ milliseconds: UInt64) -> NIODeadline { .uptimeNanoseconds(milliseconds * 1_000_000) }

    @Test("A turn counts from its first read to its last task, and the next one begins anew")
    func whole() {
        let meter = TurnMeter()
        meter.read(at: at(100))
        meter.read(at: at(110))
        meter.heard(16)
        meter.heard(3)
        #expect(
            meter.end(from: at(130), to: at(151), tasks: 4)
                == ClientRuntime.LongTurn(
                    duration: .milliseconds(51), reading: .milliseconds(30), reads: 2, commands: 19, tasks: 4))
        #expect(
            meter.end(from: at(200), to: at(201), tasks: 1)
                == ClientRuntime.LongTurn(duration: .milliseconds(1), reading: .zero, reads: 0, commands: 0, tasks: 1))
    }

    @Test("What takes no longer than it may is neither counted nor told of")
    func limit() async throws {
        let patient = ClientRuntime(loops: 1, longTurn: .seconds(3_600))
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
        let fixture = LoopFixture(longTurn: .zero)
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
