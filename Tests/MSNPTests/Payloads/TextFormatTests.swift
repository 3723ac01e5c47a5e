import MSNP
import Testing

@Suite struct TextFormatTests {
    @Test("The documents' fields, both ways")
    func golden() throws {
        let value = "FN=MS%20Sans%20Serif; EF=BIUS; CO=ff; CS=86; PF=22; RL=1"
        let format = TextFormat(parsing: value)
        #expect(format.font == "MS Sans Serif")
        #expect(format.isBold && format.isItalic && format.isUnderlined && format.isStruckThrough)
        #expect(format.color == TextColor(red: 255, green: 0, blue: 0))
        #expect(format.characterSet == 0x86)
        #expect(format.pitchAndFamily == 0x22)
        #expect(format.isRightToLeft)
        #expect(format.headerValue == value)
    }

    @Test(
        "Colours are blue, green, red, their leading zeros missing",
        arguments: [
            ("ff", "#ff0000", "ff"), ("ff0000", "#0000ff", "ff0000"), ("800000", "#000080", "800000"),
            ("0", "#000000", "0"), ("0000FF", "#ff0000", "ff"), ("123456", "#563412", "123456"),
        ])
    func colors(wire: String, color: String, again: String) throws {
        let format = TextFormat(parsing: "CO=\(wire)")
        #expect(format.color?.description == color)
        #expect(format.color == TextColor(color))
        #expect(format.headerValue.contains("CO=\(again);"))
    }

    @Test("No colour", arguments: ["", "1234567", "+5", "-1", "gg", "0x1", " ", "#ff0000"])
    func malformedColors(wire: String) {
        #expect(TextFormat(parsing: "CO=\(wire); EF=B").color == nil)
        #expect(TextFormat(parsing: "CO=\(wire); EF=B").isBold)
    }

    @Test("No colour of the API", arguments: ["", "#", "ff0000", "#ff00", "#ff00000", "#gg0000", "#+f0000", "#ff000é"])
    func malformedHTMLColors(text: String) {
        #expect(TextColor(text) == nil)
    }

    @Test("Malformed fields cost themselves alone")
    func leniency() {
        let format = TextFormat(parsing: ";;=;FN;FN=;fn = Zo%C3%AB ;EF=xBz;CS=100;PF=-1;RL=0;CO=ff;XX=1;=3")
        #expect(format.font == "Zoë")
        #expect(format.isBold && !format.isItalic && !format.isRightToLeft)
        #expect(format.characterSet == nil && format.pitchAndFamily == nil)
        #expect(format.color?.description == "#ff0000")
        #expect(TextFormat(parsing: "FN=\(String(repeating: "a", count: 32))").font == nil)
        #expect(TextFormat(parsing: "FN=a%0D%0Ab").font == nil)
    }

    @Test("A font can't break out of its field")
    func font() throws {
        for name in ["A; EF=B", "x=y", "100%", "☕ Sans", String(repeating: "☕", count: 31)] {
            let format = try TextFormat(font: name)
            let again = TextFormat(parsing: format.headerValue)
            #expect(again.font == name)
            #expect(!again.isBold)
            #expect(format.headerValue.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
        for name in ["", "a\r\nX: y", String(repeating: "a", count: 32)] {
            #expect(throws: TextFormatError.invalidFont) { try TextFormat(font: name) }
        }
    }
}
