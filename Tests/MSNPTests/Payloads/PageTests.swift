import MSNP
import Testing

@Suite struct PageTests {
    private func text(_ page: Page) -> String { String(decoding: page.payload, as: UTF8.self) }

    @Test("A page")
    func golden() throws {
        let sent = try #require(Transcript.page.commands.first)
        #expect(try Page(validating: "This is an example message.").payload == sent.payload)
    }

    @Test("A number to call back")
    func callback() throws {
        let number = try #require(PageCallback(.work, number: "1 (555) 111-4444"))
        #expect(
            text(try Page(validating: "x", callback: number))
                == #"<PHONE pri="1"><LOC>WORK</LOC><NUM>15551114444</NUM></PHONE><TEXT xml:space="preserve">x</TEXT>"#)
        #expect(PageCallback(.home, number: "") == nil)
        #expect(PageCallback(.home, number: "()") == nil)
        #expect(PageCallback(.home, number: "555-CALL") == nil)
        #expect(PageCallback(.home, number: "<1>") == nil)
        #expect(PageCallback(.home, number: "٣") == nil)
        #expect(PageCallback(.home, number: String(repeating: "1", count: 33)) == nil)
    }

    @Test("What would be markup is escaped once")
    func escaping() throws {
        let page = try Page(validating: "a&b;<c>^&#x26;")
        #expect(
            text(page).contains(">a&#x26;b&#x3B;&#x3C;c&#x3E;&#x5E;&#x26;#x26&#x3B;</TEXT>"))
    }

    @Test("The length that telephones take")
    func length() throws {
        _ = try Page(validating: String(repeating: "é", count: 113))
        #expect(throws: PageError.tooLong) { try Page(validating: String(repeating: "a", count: 114)) }
        #expect(throws: PageError.tooLong) { try Page(validating: String(repeating: "😀", count: 57)) }
        #expect(throws: PageError.empty) { try Page(validating: "") }
        #expect(throws: PageError.controlCharacter) { try Page(validating: "a\u{1B}") }
        #expect(try Page(validating: "a\r\nb\tc").text == "a\nb\tc")
    }
}
