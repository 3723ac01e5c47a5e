import Loops
import Testing

@testable import Webhooks

@Suite struct AddressRangeTests {
    private func bytes(_ literal: String) throws -> [UInt8] {
        try #require(TCPEndpoint(literal: literal, port: 0)).address
    }

    @Test(
        "The first bits decide",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/9", "10.127.0.1", true),
            ("10.0.0.0/9", "10.128.0.0", false), ("0.0.0.0/0", "255.1.2.3", true), ("0.0.0.0/0", "::1", false),
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7/32", "192.0.2.6", false), ("192.0.2.6/31", "192.0.2.7", true),
            ("::/0", "2001:db8::1", true), ("::/0", "192.0.2.1", false), ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fc00::1", false), ("2001:db8::/33", "2001:db8:8000::", false), ("::1", "::1", true),
            ("192.0.2.0/24", "::ffff:192.0.2.9", true), ("::ffff:192.0.2.0/120", "192.0.2.9", true),
        ])
    func contains(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try bytes(address)) == isIn)
    }

    @Test(
        "What is no range",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08 ", "10.0.0/8",
            "10.0.0.1/8",
            "10.0.0.0/8/8", "example.com", "example.com/8", "::1/129", "fe80::1/64", "fe80::%eth0/64", "10.0.0.0/0x8",
            "10.0.0.0\u{0}/8", String(repeating: "1", count: 100),
        ])
    func refused(text: String) { #expect(AddressRange(text) == nil) }

    @Test("It is written as it is read")
    func description() throws {
        for text in ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"] {
            #expect(try #require(AddressRange(text)).description == text)
        }
    }
}
