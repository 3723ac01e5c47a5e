import Encodings
import Testing

@Suite struct Base64Tests {
    @Test(
        "RFC 4648, 10, without the padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"),
            ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8), .forURLs) == encoded)
    }

    @Test("RFC 4648, 9, and its last byte alone: bytes with the high bit set")
    func highBits() {
        #expect(Base64.encode([0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E] as [UInt8], .forURLs) == "FPucA9l-")
        #expect(Base64.encode([0x14, 0xFB, 0x9C, 0x03] as [UInt8], .forURLs) == "FPucAw")
        #expect(Base64.encode([0xFF] as [UInt8], .forURLs) == "_w")
    }

    @Test("The 64 digits in their order (RFC 4648, table 2)")
    func alphabet() {
        // The six-bit numbers 0 to 63, four in each three bytes.
        let bytes: [UInt8] = stride(from: UInt32(0), to: 64, by: 4).flatMap { first -> [UInt8] in
            let bits = first << 18 | (first + 1) << 12 | (first + 2) << 6 | (first + 3)
            return [UInt8(bits >> 16), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]
        }
        #expect(Base64.encode(bytes, .forURLs) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    }

    @Test(
        "RFC 4648, 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func standard(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8), .standard) == encoded)
        #expect(Base64.decodeLeniently(encoded.utf8) == Array(text.utf8))
        // As mails have it: without padding, and with spaces.
        let bare = encoded.filter { $0 != "=" }
        #expect(Base64.decodeLeniently(bare.map(String.init).joined(separator: " ").utf8) == Array(text.utf8))
    }

    @Test("RFC 4648, 9: bytes with the high bit set")
    func standardHighBits() {
        #expect(Base64.encode([0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E] as [UInt8], .standard) == "FPucA9l+")
        #expect(Base64.decodeLeniently("FPucA9l+".utf8) == [0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E])
        #expect(Base64.encode([0xFF] as [UInt8], .standard) == "/w==")
    }

    @Test("What follows padding is not looked at, and a byte that is no digit is refused")
    func lenience() {
        #expect(Base64.decodeLeniently("Zg==!".utf8) == Array("f".utf8))
        for text in ["Z-", "Z_", "Zg\n", "Zé", "!"] { #expect(Base64.decodeLeniently(text.utf8) == nil) }
        // Six bits are no byte.
        #expect(Base64.decodeLeniently("Z".utf8) == [])
    }
}
