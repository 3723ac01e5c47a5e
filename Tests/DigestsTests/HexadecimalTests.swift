import Digests
import Testing

@Suite struct HexadecimalTests {
    @Test("Two lower-case digits for each byte")
    func digits() {
        #expect(Hexadecimal.encode([] as [UInt8]) == "")
        #expect(Hexadecimal.encode([0x00, 0x09, 0x0A, 0x10, 0x7F, 0xA0, 0xFF] as [UInt8]) == "00090a107fa0ff")
    }
}
