import Dispatch
import Loops
import MSNP
import TestSupport
import Testing

@testable import MSNPClient

/// One event loop, shared by those who say much and those who say little.
@Suite(.timeLimit(.minutes(5))) struct FairnessTests {
    /// Changes of presence that no meter minds.
    private static func changes(_ count: Int) -> [UInt8] {
        Array((1...count).map { "NLN AWY bob@example.com n\($0)\r\n" }.joined().utf8)
    }

    private static func names(_ events: [SessionEvent]) -> [String] {
        events.compactMap { event in
            if case .presence(.away, _, let name) = event { name } else { nil }
        }
    }

    private static func isLoss(_ event: SessionEvent) -> Bool {
        if case .reconnecting = event { true } else { false }
    }

    @Test("A quiet session is heard before what others have too much of")
    func quiet() async throws {
        // For the loop no time goes by: on a slow machine the loud ones alone would take all that sockets have in a turn.
        let start = MonotonicInstant.now
        let fixture = try LoopFixture(time: { start })
        let order = Recorder<String>()
        var loud: [LoopFixture.Member] = []
        for _ in 1...3 {
            loud.append(
                try await fixture.online { event in
                    if case .presence(.away, _, let name?) = event { order.record(name) }
                })
        }
        let quiet = try await fixture.online { event in
            if case .presence(.busy, _, let name?) = event { order.record(name) }
        }
        // The loop stands still until all of it is there, and then finds all sockets readable at once, the loud ones first.
        let gate = DispatchSemaphore(value: 0)
        let stopped = Recorder<Bool>()
        let isPosted = fixture.loop.post {
            stopped.record(true)
            gate.wait()
        }
        #expect(isPosted)
        try await stopped.first { $0 }
        for member in loud { try await member.server.deliver(Self.changes(2_000)) }
        try await quiet.server.deliver(Array("NLN BSY bob@example.com quiet\r\n".utf8))
        gate.signal()
        for member in loud {
            try await member.events.first { $0 == .presence(.away, handle: "bob@example.com", name: "n2000") }
            #expect(Self.names(member.events.all) == (1...2_000).map { "n\($0)" })
        }
        let position = try #require(order.all.firstIndex(of: "quiet"))
        #expect(position <= 3 * FrameHandler.promptFrames)
        try await fixture.leave(quiet, loud[0], loud[1], loud[2])
    }

    @Test("Everything that came before a close is told before it, in order and whole", arguments: [1, 997, 100_000])
    func closeBehind(piece: Int) async throws {
        let fixture = try LoopFixture()
        let member = try await fixture.online()
        let bytes = Self.changes(piece == 1 ? 100 : 10_000)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            member.server.send(Array(bytes[start..<min(bytes.count, start + piece)]))
        }
        member.server.drop()
        try await member.events.first { Self.isLoss($0) }
        let expected = (1...(piece == 1 ? 100 : 10_000)).map { "n\($0)" }
        let events = member.events.all
        let loss = try #require(events.firstIndex(where: Self.isLoss))
        #expect(Self.names(Array(events[..<loss])) == expected)
        #expect(Self.names(events) == expected, "something came after the loss")
        try await fixture.leave(member)
    }

    @Test("Nothing is told after the end")
    func nothingAfter() async throws {
        let fixture = try LoopFixture()
        let member = try await fixture.online()
        member.server.send(Self.changes(1_000) + Array("OUT OTH\r\n".utf8) + Self.changes(10_000))
        #expect(try await member.ended() == .signedInElsewhere)
        try await member.server.closed.first { $0 == 1 }
        #expect(Self.names(member.events.all).count == 1_000)
        #expect(member.events.all.last == .ended(.signedInElsewhere))
        try await fixture.leave(member)
    }
}
