import Digests
import Testing

@Suite struct MD5Tests {
    @Test(
        "RFC 1321, A.5",
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ])
    func vectors(text: String, hex: String) {
        var digest = MD5()
        digest.update(text)
        #expect(Hexadecimal.encode(digest.finish()) == hex)
    }
}
