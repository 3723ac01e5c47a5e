import Digests
import Encodings
import Testing

@Suite struct HMACSHA256Tests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var section: String
        var key: [UInt8]
        var message: [UInt8]
        var code: String

        var testDescription: String { "RFC 4231, \(section)" }
    }

    static let vectors = [
        Vector(
            section: "4.2", key: [UInt8](repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            section: "4.3", key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            section: "4.4", key: [UInt8](repeating: 0xAA, count: 20), message: [UInt8](repeating: 0xDD, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            section: "4.5", key: Array(0x01...0x19), message: [UInt8](repeating: 0xCD, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            section: "4.7", key: [UInt8](repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            section: "4.8", key: [UInt8](repeating: 0xAA, count: 131),
            message: Array(
                """
                This is a test using a larger than block-size key and a larger than block-size data. \
                The key needs to be hashed before being used by the HMAC algorithm.
                """.utf8),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test(arguments: vectors)
    func code(vector: Vector) {
        #expect(Hexadecimal.encode(HMACSHA256.code(for: vector.message, key: vector.key)) == vector.code)
    }

    @Test("RFC 4231, 4.6 gives the first 128 bits only")
    func truncated() {
        let code = HMACSHA256.code(
            for: Array("Test With Truncation".utf8), key: [UInt8](repeating: 0x0C, count: 20))
        #expect(code.count == HMACSHA256.size)
        #expect(Hexadecimal.encode(code.prefix(16)) == "a3b6167473100ee06e0c796c2955552b")
    }

    @Test("An empty key is a key of zeros and an empty message a message, with or without memory behind them")
    func empty() {
        let code = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hexadecimal.encode(HMACSHA256.code(for: [], key: [])) == code)
        let withoutMemory = HMACSHA256.code(for: Span(), key: Span())
        #expect(Hexadecimal.encode(withoutMemory) == code)
        #expect(Hexadecimal.encode(HMACSHA256.code(for: [], key: [0])) == code)
    }
}
