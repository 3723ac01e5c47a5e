import FoundationEssentials
import GatewayClient
import Testing

@testable import ClientCommands

@Suite struct EventLineTests {
    private func event(_ type: String, _ data: String) throws -> Event {
        let json =
            #"{"data":\#(data),"id":"e.1","seq":1,"sessionId":"s","time":"2026-01-02T03:04:05Z","type":"\#(type)"}"#
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(Event.self, from: Data(json.utf8))
    }

    @Test("People read who said what, in one line in which nothing is obeyed")
    func lines() throws {
        let line = EventLine(TerminalStyle(isTerminal: true, isColored: false))
        let message = try event(
            "message.received",
            """
            {"messageId":"m","conversationId":"c","group":false,"from":"bob@example.com","displayName":"B",\
            "text":"two\\nlines\\u001b[2J","contentType":"text/plain"}
            """)
        #expect(line.text(message).hasSuffix(" bob@example.com two lines\u{FFFD}[2J"))
        #expect(line.text(try event("moon.risen", #"{"phase":1}"#)).hasSuffix(#" moon.risen {"phase":1}"#))
        // Words of a later version, or of somebody who is no gateway.
        for (type, data) in [
            ("session.state", #"{"state":"\u001b[2J","reason":"\u001b[2J"}"#),
            (
                "presence.changed",
                #"{"account":"\u001b[2J","displayName":"","status":"\u001b[2J","previous":"\u001b[2J"}"#
            ),
            (
                "message.failed",
                #"{"messageId":"m","conversationId":"c","group":false,"text":"\u001b[2J","reason":"\u001b[2J"}"#
            ),
            ("\u{1B}[2J", #"{"\u001b[2J":"\u001b[2J"}"#),
        ] {
            let shown = line.text(try event(type.replacing("\u{1B}", with: "\\u001b"), data))
            #expect(shown.contains("\u{FFFD}[2J") && !shown.contains("\u{1B}"), "\(type)")
        }
        #expect(EventFilter.isFrom("BOB@example.com", message))
        #expect(!EventFilter.isFrom("alice@example.com", message))
        #expect(EventFilter.isFrom("a@b.c", try event("contact.added", #"{"contact":{"account":"A@b.c"}}"#)))
    }
}
