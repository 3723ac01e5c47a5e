import Digests
import Encodings
import Testing

@Suite struct SHA256Tests {
    @Test(
        "The examples that NIST gives with FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func vectors(text: String, hex: String) {
        #expect(Hexadecimal.encode(SHA256.digest(of: Array(text.utf8))) == hex)
    }

    @Test("Parts digest as the whole, wherever it is cut")
    func parts() {
        let whole = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        for cut in 0...whole.count {
            var digest = SHA256()
            digest.update(whole.span.extracting(..<cut))
            digest.update(whole.span.extracting(cut...))
            #expect(digest.finish() == SHA256.digest(of: whole), "cut at \(cut)")
        }
    }

    @Test("A span without memory is the empty message")
    func emptySpan() {
        let withoutMemory = SHA256.digest(of: Span())
        #expect(withoutMemory == SHA256.digest(of: []))
    }
}
