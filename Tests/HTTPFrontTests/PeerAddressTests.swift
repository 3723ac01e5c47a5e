import HTTPFront
import Testing

@Suite struct PeerAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", true), ("127.255.0.9", "127.255.0.9", true), ("::1", "::1", true),
        ("::ffff:127.0.0.1", "127.0.0.1", true), ("::FFFF:192.0.2.1", "192.0.2.1", false),
        ("192.0.2.1", "192.0.2.1", false), ("2001:db8::1", "2001:db8::1", false), ("1::1", "1::1", false),
        ("", "", false),
    ])
    func isReadAndJudged(_ text: String, _ ip: String, _ isLoopback: Bool) {
        let peer = PeerAddress(ip: text)
        #expect(peer.ip == ip)
        #expect(peer.isLoopback == isLoopback)
    }
}
