import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

/// One event loop, shared by those who say much and those who say little.
@Suite(.timeLimit(.minutes(1))) struct FairnessTests {
    /// Changes of presence that no meter minds.
    private static func changes(_ count: Int) -> [UInt8] {
        Array((1...count).map { "NLN AWY bob@example.com n\($0)\r\n" }.joined().utf8)
    }

    private static func names(_ events: [SessionEvent]) -> [String] {
        events.compactMap { event in
            if case .presence(.away, _, let name) = event { name } else { nil }
        }
    }

    @Test("A quiet session is heard while others have much to say")
    func quiet() async throws {
        let fixture = LoopFixture()
        let order = Recorder<String>()
        let quiet = try await fixture.online { event in
            if case .presence(.busy, _, let name?) = event { order.record(name) }
        }
        let hasSpoken = Locked(false)
        let server = quiet.server
        var loud: [LoopFixture.Member] = []
        for number in 1...3 {
            loud.append(
                try await fixture.online { event in
                    guard case .presence(.away, _, let name?) = event else { return }
                    // In the middle of the storm, and from the thread that works on it.
                    let isFirst = hasSpoken.withLock { hasSpoken in
                        defer { hasSpoken = true }
                        return !hasSpoken
                    }
                    if isFirst { server.say("NLN BSY bob@example.com quiet") }
                    if name == "n14000" { order.record("loud \(number)") }
                })
        }
        for member in loud { member.server.send(Self.changes(14_000)) }
        for number in 1...3 { await order.first { $0 == "loud \(number)" } }
        await order.first { $0 == "quiet" }
        #expect(order.all.first == "quiet", "\(order.all)")
        for member in loud { #expect(Self.names(member.events.all) == (1...14_000).map { "n\($0)" }) }
        try await fixture.leave(quiet, loud[0], loud[1], loud[2])
    }

    @Test("Everything that came before a close is told before it, in order and whole", arguments: [1, 997, 100_000])
    func closeBehind(piece: Int) async throws {
        let fixture = LoopFixture()
        let member = try await fixture.online()
        let bytes = Self.changes(piece == 1 ? 100 : 10_000)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            member.server.send(Array(bytes[start..<min(bytes.count, start + piece)]))
        }
        member.server.drop()
        _ = await member.ended()
        let expected = (1...(piece == 1 ? 100 : 10_000)).map { "n\($0)" }
        #expect(Self.names(member.events.all) == expected)
        guard case .ended = member.events.all.last else {
            Issue.record("something came after the end")
            return
        }
        try await fixture.leave(member)
    }

    @Test("Nothing is told after the end")
    func nothingAfter() async throws {
        let fixture = LoopFixture()
        let member = try await fixture.online()
        member.server.send(Self.changes(1_000) + Array("OUT OTH\r\n".utf8) + Self.changes(10_000))
        #expect(await member.ended() == .signedInElsewhere)
        await member.server.closed.first { $0 == 1 }
        #expect(Self.names(member.events.all).count == 1_000)
        #expect(member.events.all.last == .ended(.signedInElsewhere))
        try await fixture.leave(member)
    }
}
