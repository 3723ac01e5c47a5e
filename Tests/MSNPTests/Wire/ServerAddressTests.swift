import MSNP
import Testing

@Suite struct ServerAddressTests {
    @Test(
        "Addresses of referrals",
        arguments: [
            ("10.0.0.5:1863", "10.0.0.5", 1863), ("m1.example:1864", "m1.example", 1864),
            ("m1.example", "m1.example", 1863),
            ("[2001:db8::1]:443", "2001:db8::1", 443), ("[::1]", "::1", 1863), ("h:65535", "h", 65535),
        ] as [(String, String, UInt16)])
    func parses(text: String, host: String, port: UInt16) {
        let address = ServerAddress(host: host, port: port)
        #expect(ServerAddress(parsing: text) == address)
        #expect(ServerAddress(parsing: address.description) == address)
    }

    @Test(
        "What is none",
        arguments: [
            "", ":", ":80", "h:", "h:0", "h:65536", "h:+80", "h:-1", "h:x", "h: 80", "a b:80", "a\tb:80", "[]:80",
            "[::1",
            "[::1]80", "[::1]:", "x]:y:80", "[a]b]:80", "[[::1]]:80", "[x:80", "x[:80",
        ])
    func refuses(text: String) {
        #expect(ServerAddress(parsing: text) == nil)
    }
}
