import Loops
import Testing

@testable import Webhooks

@Suite struct DestinationPolicyTests {
    private func bytes(_ literal: String) throws -> [UInt8] {
        try #require(TCPEndpoint(literal: literal, port: 0)).address
    }

    @Test(
        "Public addresses are allowed, and nothing else",
        arguments: [
            ("8.8.8.8", true), ("172.15.255.255", true), ("172.32.0.0", true), ("100.63.255.255", true),
            ("100.128.0.0", true), ("169.253.255.255", true), ("223.255.255.255", true), ("192.0.1.1", true),
            ("198.17.255.255", true), ("198.20.0.0", true), ("2606:4700::1111", true), ("2a00:1450::1", true),
            ("::ffff:8.8.8.8", true), ("64:ff9b::808:808", true), ("2002:808:808::1", true), ("2001:200::1", true),
            ("0.0.0.0", false), ("0.1.2.3", false), ("10.255.255.255", false), ("100.64.0.0", false),
            ("100.100.100.200", false), ("127.0.0.1", false), ("127.255.255.255", false), ("169.254.169.254", false),
            ("172.16.0.0", false), ("172.31.255.255", false), ("192.0.0.192", false), ("192.0.2.1", false),
            ("192.88.99.1", false), ("192.168.0.1", false), ("198.18.0.1", false), ("198.19.255.255", false),
            ("198.51.100.1", false), ("203.0.113.1", false), ("224.0.0.1", false), ("239.255.255.255", false),
            ("240.0.0.1", false), ("255.255.255.255", false), ("168.63.129.16", false), ("::", false), ("::1", false),
            ("::ffff:127.0.0.1", false), ("::ffff:10.0.0.1", false), ("::127.0.0.1", false),
            ("::ffff:0:127.0.0.1", false),
            ("64:ff9b::a00:1", false), ("64:ff9b:1::808:808", false), ("100::1", false), ("2001::1", false),
            ("2001:db8::1", false), ("2002:a00:1::", false), ("2002:7f00:1::1", false), ("3fff::1", false),
            ("4000::1", false), ("fc00::1", false), ("fd00:ec2::254", false), ("fe80::1", false), ("fec0::1", false),
            ("ff02::1", false),
        ])
    func unlisted(literal: String, isAllowed: Bool) throws {
        let url = try WebhookURL("https://bot.example.com/")
        let refusal = DestinationPolicy().refusal(of: try bytes(literal), for: url)
        #expect(refusal == (isAllowed ? nil : .addressNotAllowed))
        let host = literal.contains(":") ? "[\(literal)]" : literal
        #expect(DestinationPolicy().refusal(of: try WebhookURL("https://\(host)/")) == refusal)
        // Neither is spoken to without TLS.
        #expect(
            DestinationPolicy().refusal(of: try bytes(literal), for: try WebhookURL("http://a.example/")) == .notHTTPS)
    }

    @Test("What is listed is allowed, with http and any port too, in each form that reaches it")
    func listed() throws {
        let policy = DestinationPolicy(listed: try ["10.0.0.0/8", "::1"].map { try #require(AddressRange($0)) })
        for (literal, isAllowed) in [
            ("10.1.2.3", true), ("::ffff:10.1.2.3", true), ("64:ff9b::10.1.2.3", true), ("2002:a01:203::1", true),
            ("::1", true), ("11.0.0.1", false), ("127.0.0.1", false), ("::2", false),
        ] {
            for scheme in ["http", "https"] {
                let url = try WebhookURL("\(scheme)://bot.example.com:25/")
                #expect((policy.refusal(of: try bytes(literal), for: url) == nil) == isAllowed)
            }
        }
    }

    @Test("A name is refused before it is looked up only where nothing can come of it")
    func names() throws {
        let none = DestinationPolicy()
        let some = DestinationPolicy(listed: [try #require(AddressRange("127.0.0.1"))])
        for (text, refusal) in [
            ("http://a.example/", .notHTTPS), ("https://a.example:25/", .portNotAllowed),
            ("https://a.example:1023/", .portNotAllowed),
            ("https://a.example:80/", nil), ("https://a.example:1024/", nil), ("https://localhost/", nil),
        ] as [(String, DestinationPolicy.Refusal?)] {
            #expect(none.refusal(of: try WebhookURL(text)) == refusal)
            #expect(some.refusal(of: try WebhookURL(text)) == nil)
        }
    }
}
