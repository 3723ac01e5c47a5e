import Digests
import Encodings
import Testing

@Suite struct AES256GCMTests {
    /// "The Galois/Counter Mode of Operation (GCM)", McGrew and Viega, appendix B: those with keys of 256 bits.
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var key: String
        var nonce: String
        var associated = ""
        var plain: String
        var sealed: String

        var testDescription: String { name }
    }

    private static let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
    private static let plain =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
        + "ba637b39"
    private static let encrypted =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
        + "bcc9f662"
    private static let zeros = String(repeating: "0", count: 64)

    static let vectors = [
        Vector(
            name: "test case 13", key: zeros, nonce: String(zeros.prefix(24)), plain: "",
            sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
        Vector(
            name: "test case 14", key: zeros, nonce: String(zeros.prefix(24)), plain: String(zeros.prefix(32)),
            sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        Vector(
            name: "test case 15", key: key, nonce: "cafebabefacedbaddecaf888", plain: plain + "1aafd255",
            sealed: encrypted + "898015ad" + "b094dac5d93471bdec1a502270e3cc6c"),
        Vector(
            name: "test case 16", key: key, nonce: "cafebabefacedbaddecaf888",
            associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2", plain: plain,
            sealed: encrypted + "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    private func bytes(_ text: String) throws -> [UInt8] { try #require(Hexadecimal.decode(text)) }

    @Test(arguments: vectors)
    func sealing(vector: Vector) throws {
        let (key, nonce) = (try bytes(vector.key), try bytes(vector.nonce))
        let associated = try bytes(vector.associated)
        let plain = try bytes(vector.plain)
        let sealed = AES256GCM.seal(plain.span, key: key, nonce: nonce, associated: associated)
        #expect(Hexadecimal.encode(sealed) == vector.sealed)
        let opened = try #require(AES256GCM.open(sealed, key: key, nonce: nonce, associated: associated))
        #expect(opened.withBytes { span in span.indices.map { span[$0] } } == plain)
    }

    @Test("Another key, nonce, associated data or tag, and any changed bit, open nothing", arguments: vectors)
    func refusing(vector: Vector) throws {
        let (key, nonce) = (try bytes(vector.key), try bytes(vector.nonce))
        let (associated, sealed) = (try bytes(vector.associated), try bytes(vector.sealed))
        func flipped(_ bytes: [UInt8], _ place: Int) -> [UInt8] {
            var bytes = bytes
            bytes[place] ^= 0x80
            return bytes
        }
        #expect(AES256GCM.open(sealed, key: flipped(key, 31), nonce: nonce, associated: associated) == nil)
        #expect(AES256GCM.open(sealed, key: key, nonce: flipped(nonce, 0), associated: associated) == nil)
        #expect(AES256GCM.open(sealed, key: key, nonce: nonce, associated: associated + [0]) == nil)
        for place in sealed.indices {
            #expect(AES256GCM.open(flipped(sealed, place), key: key, nonce: nonce, associated: associated) == nil)
        }
        #expect(AES256GCM.open(Array(sealed.suffix(15)), key: key, nonce: nonce, associated: associated) == nil)
        #expect(AES256GCM.open(sealed, key: Array(key.dropLast()), nonce: nonce, associated: associated) == nil)
        #expect(AES256GCM.open(sealed, key: key, nonce: nonce + [0], associated: associated) == nil)
    }
}
