import MSNP
import MSNPClient
import TestSupport
import Testing

/// Servers that send without end: the session ends with its reason, and its neighbour on the loop hears on.
@Suite(.timeLimit(.minutes(2))) struct FloodTests {
    struct Storm: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: @Sendable () -> [UInt8]
        let end: SessionEnd

        init(_ name: String, _ end: ProtocolViolation = .flood, bytes: @escaping @Sendable () -> [UInt8]) {
            testDescription = name
            self.bytes = bytes
            self.end = .protocolError(end)
        }

        /// Lines, numbered from 1.
        init(
            _ name: String, _ count: Int, _ end: ProtocolViolation = .flood, line: @escaping @Sendable (Int) -> String
        ) {
            self.init(name, end) {
                var bytes: [UInt8] = []
                for number in 1...count { bytes += "\(line(number))\r\n".utf8 }
                return bytes
            }
        }
    }

    /// Sent again and again until they are noticed, so that none has to be as long as it takes.
    static let storms = [
        Storm("NLN", 5_000) { _ in "NLN BSY bob@example.com Bob" },
        Storm("ADD 0", 5_000) { "ADD 0 RL \($0) user\($0)@example.com User" },
        Storm("CHL", 3_000) { "CHL 0 \($0)" },
        Storm("unknown commands", 5_000) { "ZZZ 0 \($0)" },
        Storm("errors", 5_000) { "500 \($0)" },
        Storm("MSG") {
            let message = Array("MSG Hotmail Hotmail 500\r\n".utf8) + [UInt8](repeating: 0x41, count: 500)
            return Array(repeatElement(message, count: 1_000).joined())
        },
        Storm("empty lines", .framing(.tooManyEmptyLines)) { [UInt8](repeating: 0x0A, count: 1_000_000) },
        Storm("a line without end", .framing(.lineTooLong)) { [UInt8](repeating: 0x41, count: 1_000_000) },
        Storm("a payload without end", .framing(.payloadTooLong(command: "MSG"))) {
            Array("MSG Hotmail Hotmail 99999999999\r\n".utf8) + [UInt8](repeating: 0x41, count: 1_000_000)
        },
    ]

    /// Lists are long by nature, so that it takes some seconds of this to be too much; scripts/sanitize.sh leaves them out.
    static let listStorms = [
        Storm("LST", 10_000) { "LST 5 FL 3 1 1 user\($0)@example.com User" },
        Storm("BPR without a handle", 10_000) { "BPR \($0) PHH 1" },
    ]

    @Test("A storm ends its session and no other", arguments: storms)
    func storm(_ storm: Storm) async throws { try await Self.ride(out: storm) }

    @Test("A storm of what lists are made of ends its session and no other", arguments: listStorms)
    func listStorm(_ storm: Storm) async throws { try await Self.ride(out: storm) }

    private static func ride(out storm: Storm) async throws {
        let fixture = try LoopFixture()
        let quiet = try await fixture.online()
        let loud = try await fixture.online()
        try await quiet.hears("before")
        async let end = loud.ended()
        let bytes = storm.bytes()
        loud.server.send(bytes)
        try await quiet.hears("during")
        // For as long as it takes: on a slow machine the meter fills while frames are read.
        while loud.server.closed.all.isEmpty { try? await loud.server.deliver(bytes) }
        #expect(try await end == storm.end)
        try await loud.server.closed.first { $0 == 1 }
        try await quiet.hears("after")
        try await fixture.leave(quiet, loud)
    }

    @Test("Lists without end, while they are waited for")
    func lists() async throws {
        let fixture = try LoopFixture()
        let quiet = try await fixture.online()
        var script = Script.friendly
        script.answers["SYN"] = { frame in
            let lines = (1...60_000).map { "LST \(frame.parameters[0]) FL 3 1 9 u\($0)@example.com U\r\n" }
            return [.line("SYN \(frame.parameters[0]) 3"), .raw(Array(lines.joined().utf8))]
        }
        let loud = try await fixture.member(script)
        #expect(try await loud.ended() == .protocolError(.tooManyListEntries))
        try await quiet.hears("after")
        try await fixture.leave(quiet, loud)
    }

    @Test("Settings without end keep no synchronisation waiting for ever")
    func settings() async throws {
        let fixture = try LoopFixture()
        let quiet = try await fixture.online()
        var script = Script.friendly
        script.answers["SYN"] = { frame in
            let line = Array("GTC \(frame.parameters[0]) 3 A\r\n".utf8)
            return [.line("SYN \(frame.parameters[0]) 3"), .raw(Array(repeatElement(line, count: 100_000).joined()))]
        }
        let loud = try await fixture.member(script)
        #expect(try await loud.ended() == .protocolError(.flood))
        try await quiet.hears("after")
        try await fixture.leave(quiet, loud)
    }

    @Test("Two dispatch servers that refer to each other")
    func referralLoop() async throws {
        let fixture = try LoopFixture()
        let quiet = try await fixture.online()
        let server = try await ScriptedServer.start(.friendly)
        let other = try await ScriptedServer.start(Self.dispatch(to: server.address))
        server.change { [address = other.address] in $0 = Self.dispatch(to: address) }
        let loud = fixture.member(at: server)
        #expect(try await loud.ended() == .protocolError(.referralLoop))
        #expect(other.received.all.count { $0.text.hasPrefix("VER") } <= WireLimits.referrals)
        try await quiet.hears("after")
        try await other.stop()
        try await fixture.leave(quiet, loud)
    }

    private static func dispatch(to address: ServerAddress) -> Script {
        var script = Script.friendly
        script.answer("USR", "XFR # NS \(address) 0")
        return script
    }

    @Test("A server that moves its sessions to itself for ever")
    func moves() async throws {
        let fixture = try LoopFixture()
        let quiet = try await fixture.online()
        let server = try await ScriptedServer.start(.friendly)
        let address = server.address
        server.change { script in
            script.answers["CHG"] = { frame in
                [.line("CHG \(frame.parameters.joined(separator: " "))"), .line("XFR 0 NS \(address) 0")]
            }
        }
        let loud = fixture.member(at: server)
        #expect(try await loud.ended() == .protocolError(.referralLoop))
        try await quiet.hears("after")
        try await fixture.leave(quiet, loud)
    }

    @Test("A server that has its sessions begin again for ever", arguments: ["XFR # NS 0", "XFR 0 NS 0"])
    func restarts(line: String) async throws {
        let fixture = try LoopFixture()
        let quiet = try await fixture.online()
        var script = Script.friendly
        script.answer(line.contains("#") ? "USR" : "CHG", line)
        let loud = try await fixture.member(script)
        #expect(try await loud.ended() == .protocolError(.referralLoop))
        #expect(loud.server.received.all.count { $0.text.hasPrefix("VER") } == WireLimits.referrals + 1)
        try await quiet.hears("after")
        try await fixture.leave(quiet, loud)
    }
}
