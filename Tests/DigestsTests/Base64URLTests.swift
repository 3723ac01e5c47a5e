import Digests
import Testing

@Suite struct Base64URLTests {
    @Test(
        "RFC 4648, 10, without the padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"),
            ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64URL.encode(text.utf8) == encoded)
    }

    @Test("RFC 4648, 9, and its last byte alone: bytes with the high bit set")
    func highBits() {
        #expect(Base64URL.encode([0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E] as [UInt8]) == "FPucA9l-")
        #expect(Base64URL.encode([0x14, 0xFB, 0x9C, 0x03] as [UInt8]) == "FPucAw")
        #expect(Base64URL.encode([0xFF] as [UInt8]) == "_w")
    }

    @Test("The 64 digits in their order (RFC 4648, table 2)")
    func alphabet() {
        // The six-bit numbers 0 to 63, four in each three bytes.
        let bytes: [UInt8] = stride(from: UInt32(0), to: 64, by: 4).flatMap { first -> [UInt8] in
            let bits = first << 18 | (first + 1) << 12 | (first + 2) << 6 | (first + 3)
            return [UInt8(bits >> 16), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]
        }
        #expect(Base64URL.encode(bytes) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    }
}
