import Encodings
import Testing

@Suite struct HexadecimalTests {
    @Test("Two lower-case digits for each byte")
    func digits() {
        #expect(Hexadecimal.encode([] as [UInt8]) == "")
        #expect(Hexadecimal.encode([0x00, 0x09, 0x0A, 0x10, 0x7F, 0xA0, 0xFF] as [UInt8]) == "00090a107fa0ff")
    }

    @Test("Only what was written so is read back")
    func decoding() {
        #expect(Hexadecimal.decode("") == [])
        #expect(Hexadecimal.decode("00090a107fa0ff") == [0x00, 0x09, 0x0A, 0x10, 0x7F, 0xA0, 0xFF])
        for text in ["0", "00090A", "0g", "+1", "0x", " 0", "é"] { #expect(Hexadecimal.decode(text) == nil, "\(text)") }
    }

    @Test("Each byte is a digit or none")
    func values() {
        for byte in UInt8.min...UInt8.max {
            let text = String(UnicodeScalar(byte))
            let expected = text == "+" || text == "-" ? nil : UInt8(text, radix: 16)
            #expect(Hexadecimal.value(of: byte) == expected, "\(byte)")
        }
        #expect(Hexadecimal.byte(UInt8(ascii: "c"), UInt8(ascii: "3")) == 0xC3)
        #expect(Hexadecimal.byte(UInt8(ascii: "C"), UInt8(ascii: "g")) == nil)
    }

    @Test("Numbers have digits in either case, no sign, and no more than was asked for")
    func numbers() {
        #expect(Hexadecimal.number("fF", most: 2) == 0xFF)
        #expect(Hexadecimal.number("0000ff", most: 6) == 0xFF)
        for text in ["", "fff", "+f", "-f", "0x", "g", "é"] {
            #expect(Hexadecimal.number(text, most: 2) == nil, "\(text)")
        }
        #expect(Hexadecimal.padded(0x409, to: 4) == "0409")
        #expect(Hexadecimal.padded(0xE12E_BD4D, to: 8) == "e12ebd4d")
        #expect(Hexadecimal.padded(0x12345, to: 4) == "12345")
    }
}
