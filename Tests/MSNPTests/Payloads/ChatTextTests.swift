import ByteText
import MSNP
import Testing

@Suite struct ChatTextTests {
    private func parse(_ header: String, _ body: [UInt8]) -> ChatText? {
        ChatText(MIMEPayload(parsing: Array(header.utf8) + body))
    }

    private static let utf8 = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"

    @Test("What is sent is what the documents have")
    func golden() throws {
        let format = try TextFormat(font: "Arial", isItalic: true, color: TextColor("#ff0000"))
        var styled = format
        styled.pitchAndFamily = 0x22
        let message = try #require(Transcript.switchboard.commands.first { $0.line == "MSG 4 N 134" })
        #expect(ChatText("Hi Bob, café at 5?", format: styled).payload == message.payload)
        let plain = try #require(Transcript.beingCalled.commands.first { $0.line == "MSG 2 A 75" })
        #expect(ChatText("naïve ☕ ok").payload == plain.payload)
    }

    @Test("Line ends are CRLF outside and LF inside, however they came")
    func lineEnds() {
        let text = ChatText("a\r\nb\nc\rd\n\ne")
        #expect(text.text == "a\nb\nc\nd\n\ne")
        #expect(text.payload == Array((Self.utf8 + "a\r\nb\r\nc\r\nd\r\n\r\ne").utf8))
        #expect(parse(Self.utf8, Array("a\r\nb\nc\rd\r\r\ne".utf8))?.text == "a\nb\nc\nd\n\ne")
    }

    @Test(
        "Character sets",
        arguments: [
            ("text/plain; charset=UTF-8", Array("é☕".utf8), "é☕"),
            ("text/plain;charset=\"utf-8\"", Array("é".utf8), "é"),
            ("TEXT/PLAIN; format=flowed; Charset = utf8", Array("é".utf8), "é"),
            ("text/plain", [0x80, 0xE9, 0x93], "€é\u{201C}"), ("text/plain", Array("naïve ☕".utf8), "naïve ☕"),
            ("text/plain; charset=", [0xE9], "é"),
            ("text/plain; charset=ISO-8859-1", [0xE9], "é"), ("text/plain; charset=windows-1252", [0x85], "…"),
            ("text/plain; charset=x-unheard-of", Array("aé".utf8), "a\u{FFFD}\u{FFFD}"),
            ("text/plain; charset=x-unheard-of", [0xE9, 0x41], "\u{FFFD}A"),
            ("text/plain; charset=UTF-8", [0x41, 0xFF, 0x42], "A\u{FFFD}B"),
            ("text/plain; charset=UTF-8", [0x00, 0x1B, 0x09, 0x7F], "\u{FFFD}\u{FFFD}\t\u{FFFD}"),
            ("text/plain", [0x81], "\u{FFFD}"),
        ] as [(String, [UInt8], String)])
    func charsets(type: String, body: [UInt8], text: String) {
        #expect(parse("MIME-Version: 1.0\r\nContent-Type: \(type)\r\n\r\n", body)?.text == text)
    }

    @Test("Only plain text is one; tolerance")
    func tolerance() {
        #expect(parse("Content-Type: text/html\r\n\r\n", [0x41]) == nil)
        #expect(parse("MIME-Version: 1.0\r\n\r\n", [0x41]) == nil)
        #expect(parse("content-type:text/plain;charset=utf-8\nX-Other:\nno colon\n\n", Array("hé".utf8))?.text == "hé")
        #expect(parse("Content-Type: text/plain\r\n", [])?.text.isEmpty == true)
        let formatted = parse("X-MMS-IM-Format: FN=Arial; EF=BU; CO=800000\r\nContent-Type: text/plain\r\n\r\n", [0x41])
        #expect(formatted?.format?.font == "Arial")
        #expect(formatted?.format?.color?.description == "#000080")
    }

    @Test(
        "Texts that can't be sent",
        arguments: [
            ("", .empty), ("a\rb", .controlCharacter), ("a\r", .controlCharacter), ("a\u{0}b", .controlCharacter),
            ("\u{7F}", .controlCharacter), ("\u{85}", .controlCharacter), ("\r\r\n", .controlCharacter),
            (String(repeating: "é", count: 32 * 1024 + 1), .tooLong),
        ] as [(String, MessageTextError)])
    func refused(text: String, error: MessageTextError) {
        #expect(throws: error) { try MessageText(validating: text) }
    }

    @Test("Texts that can")
    func accepted() throws {
        #expect(try MessageText(validating: "a\tb\r\nc\n\r\n").text == "a\tb\nc\n\n")
        #expect(try MessageText(validating: String(repeating: "é", count: 32 * 1024)).text.utf8.count == 65_536)
    }

    @Test("What people write is not printed")
    func redaction() throws {
        let text = ChatText("our secret")
        #expect("\(text)" == "ChatText (10 bytes)")
        #expect(!String(reflecting: [text]).contains("secret"))
        #expect(!String(reflecting: try MessageText(validating: "our secret")).contains("secret"))
    }
}
