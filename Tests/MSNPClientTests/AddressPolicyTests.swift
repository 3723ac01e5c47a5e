import MSNPClient
import Testing

@Suite struct AddressPolicyTests {
    private func address(_ literal: String) throws -> IPAddress { try #require(IPAddress(literal: literal)) }

    @Test(
        "What kind of place an address is",
        arguments: [
            ("127.0.0.1", IPAddressKind.loopback), ("127.9.9.9", .loopback), ("::1", .loopback),
            ("::ffff:127.0.0.1", .loopback), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal),
            ("10.0.0.1", .privateUse), ("172.16.0.1", .privateUse), ("172.31.255.255", .privateUse),
            ("192.168.1.1", .privateUse), ("100.64.0.1", .privateUse), ("fd00::1", .privateUse),
            ("::ffff:10.0.0.1", .privateUse), ("64:ff9b::a00:1", .privateUse), ("2002:0a00:0001::", .privateUse),
            ("0.0.0.0", .unusable), ("::", .unusable), ("224.0.0.1", .unusable), ("255.255.255.255", .unusable),
            ("ff02::1", .unusable), ("240.0.0.1", .unusable), ("8.8.8.8", .publicUnicast),
            ("172.32.0.1", .publicUnicast), ("172.15.0.1", .publicUnicast), ("2606:4700::1111", .publicUnicast),
            ("100.128.0.1", .publicUnicast),
        ])
    func kinds(literal: String, kind: IPAddressKind) throws {
        #expect(try address(literal).kind == kind)
    }

    @Test("Own addresses and public ones; others only in the backend's own kind of network, or listed")
    func policy() throws {
        let policy = AddressPolicy()
        let loopback = [try address("127.0.0.1")]
        let office = [try address("192.168.1.5")]
        let world = [try address("203.0.113.9")]
        #expect(policy.permits(try address("127.0.0.2"), ofBackendAt: loopback))
        #expect(!policy.permits(try address("127.0.0.1"), ofBackendAt: world))
        #expect(!policy.permits(try address("127.0.0.1"), ofBackendAt: office))
        #expect(!policy.permits(try address("169.254.169.254"), ofBackendAt: world))
        #expect(!policy.permits(try address("10.0.0.1"), ofBackendAt: world))
        #expect(policy.permits(try address("10.0.0.1"), ofBackendAt: office))
        #expect(!policy.permits(try address("10.0.0.1"), ofBackendAt: loopback))
        #expect(policy.permits(try address("8.8.8.8"), ofBackendAt: world))
        #expect(policy.permits(try address("8.8.8.8"), ofBackendAt: office))
        #expect(!policy.permits(try address("0.0.0.0"), ofBackendAt: loopback))
        #expect(!policy.permits(try address("10.0.0.1"), ofBackendAt: []))
        let listed = AddressPolicy(listed: [try address("10.0.0.1")])
        #expect(listed.permits(try address("10.0.0.1"), ofBackendAt: world))
        #expect(!listed.permits(try address("10.0.0.2"), ofBackendAt: world))
    }
}
