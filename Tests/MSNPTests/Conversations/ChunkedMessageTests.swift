import ByteText
import Testing

@testable import MSNP

/// Messages that later clients cut into several `MSG`s.
@Suite("A message in several pieces") struct ChunkedMessageTests {
    private static let id = "{1C7E2F93-8E0B-4B4B-9E5A-3F6D2B7A0C11}"

    private func first(_ body: [UInt8], of count: Int, id: String = id) -> [UInt8] {
        Array(
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nMessage-ID: \(id)\r\nChunks: \(count)\r\n\r\n"
                .utf8)
            + body
    }

    private func piece(_ place: Int, _ body: [UInt8], id: String = id) -> [UInt8] {
        Array("Message-ID: \(id)\r\nChunk: \(place)\r\n\r\n".utf8) + body
    }

    /// A conversation with bob, and what has been heard in it.
    private struct Stage {
        var driver = ConversationDriver()
        let board: SwitchboardID

        init() throws {
            try driver.send("hi", to: "bob@example.com")
            board = try driver.enter(with: "bob@example.com")
            driver.say("ACK 3", on: board)
            _ = driver.takeEvents()
        }

        mutating func hear(_ payload: [UInt8], from sender: String = "bob@example.com") {
            driver.perform(
                driver.flow.received(Frame("MSG", [sender, "Bob"], payload: payload), on: board))
        }

        mutating func heard() -> [ChatText] {
            driver.takeEvents().compactMap { event in
                if case .received(_, _, .text(let text)) = event { text } else { nil }
            }
        }

        var waits: [ConversationTimer] {
            driver.timers.keys.filter { if case .switchboard(_, .assembly) = $0 { true } else { false } }
        }
    }

    @Test("The pieces are joined, a character that is cut included, whatever lies between them")
    func joined() throws {
        var stage = try Stage()
        let text = Array("café ☕ au lait".utf8)
        // In the middle of é, and of the cup.
        stage.hear(first(Array(text[..<4]), of: 3))
        #expect(stage.heard().isEmpty)
        stage.hear(Array("Content-Type: text/plain; charset=UTF-8\r\n\r\nbetween".utf8))
        #expect(stage.heard().map(\.text) == ["between"])
        stage.hear(piece(1, Array(text[4..<8])))
        #expect(stage.waits.count == 1)
        stage.hear(piece(2, Array(text[8...])))
        let heard = stage.heard()
        #expect(heard.map(\.text) == ["café ☕ au lait"])
        #expect(heard.first?.isIncomplete == false)
        #expect(stage.waits.isEmpty)
    }

    @Test(
        "If the rest does not come, what came is told, up to the first piece that is missing",
        arguments: ["time", "end"])
    func incomplete(_ end: String) throws {
        var stage = try Stage()
        stage.hear(first(Array("one ".utf8), of: 4))
        stage.hear(piece(1, Array("two ☕".utf8.dropLast())))
        stage.hear(piece(3, Array("four".utf8)))
        #expect(stage.heard().isEmpty)
        if end == "time" {
            stage.driver.fire(try #require(stage.waits.first))
        } else {
            stage.driver.drop(stage.board)
        }
        let heard = stage.heard()
        #expect(heard.map(\.text) == ["one two \u{FFFD}"])
        #expect(heard.first?.isIncomplete == true)
        #expect(stage.waits.isEmpty)
    }

    @Test("Pieces belong to one sender and one message; those of nobody's are passed over")
    func apart() throws {
        var stage = try Stage()
        stage.driver.say("JOI carol@example.com Carol", on: stage.board)
        stage.hear(first(Array("bob ".utf8), of: 2))
        stage.hear(first(Array("carol ".utf8), of: 2), from: "carol@example.com")
        stage.hear(piece(1, Array("x".utf8), id: "{other}"))
        stage.hear(piece(2, Array("beyond".utf8)))
        stage.hear(piece(1, Array("C".utf8)), from: "carol@example.com")
        #expect(stage.heard().map(\.text) == ["carol C"])
        stage.hear(piece(1, Array("B".utf8)), from: "BOB@Example.com")
        #expect(stage.heard().map(\.text) == ["bob B"])
    }

    @Test("What waits is bounded in number and bytes; what has no room is told as it comes")
    func bounded() throws {
        var assembly = MessageAssembly()
        let bob = ListMember(handle: "bob@example.com", name: "Bob")
        for number in 0..<100 {
            _ = assembly.take(MIMEPayload(parsing: first([0x61], of: 2, id: "{\(number)}")), from: bob)
        }
        #expect(assembly.waiting.count == MessageAssembly.messages)
        var large = MessageAssembly()
        let body = [UInt8](repeating: 0x61, count: 60_000)
        _ = large.take(MIMEPayload(parsing: first(body, of: 256)), from: bob)
        var taken = 1
        for place in 1..<256 {
            if case .waits = large.take(MIMEPayload(parsing: piece(place, body)), from: bob) { taken += 1 }
        }
        #expect(taken == MessageAssembly.bytes / body.count)
        for senseless in [0, 1, -1] {
            let payload = MIMEPayload(parsing: first([0x61], of: senseless, id: "{s}"))
            #expect(large.take(payload, from: bob) == .whole(payload, nil))
        }
        // Nothing will be joined to it, and whoever reads it is told.
        let long = MIMEPayload(parsing: first([0x61], of: 2, id: String(repeating: "\u{301}", count: 10_000)))
        let many = [257, 1 << 40].map { MIMEPayload(parsing: first([0x61], of: $0, id: "{s}")) }
        for beyond in many + [long, MIMEPayload(parsing: first(body, of: 2, id: "{t}"))] {
            guard case .whole(let payload, nil) = large.take(beyond, from: bob) else {
                Issue.record("It waits for more.")
                continue
            }
            #expect(payload.isIncomplete && payload.body == beyond.body)
        }
    }
}
