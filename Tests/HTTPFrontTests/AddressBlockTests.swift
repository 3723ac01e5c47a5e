import Testing

@testable import HTTPFront

@Suite struct AddressBlockTests {
    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    private static let network: [UInt8] = [0x20, 1, 0x0D, 0xB8, 0, 1, 0, 2]

    @Test func anIPv4AddressIsABlock() {
        #expect(AddressBlock(Self.mapped + [192, 0, 2, 1]) == AddressBlock(Self.mapped + [192, 0, 2, 1]))
        #expect(AddressBlock(Self.mapped + [192, 0, 2, 1]) != AddressBlock(Self.mapped + [192, 0, 2, 2]))
    }

    @Test func ofIPv6TheUpperHalfIsABlock() {
        let tail: [UInt8] = [0, 0, 0, 0, 0, 0, 0]
        #expect(AddressBlock(Self.network + tail + [1]) == AddressBlock(Self.network + [9] + tail))
        #expect(AddressBlock(Self.network + tail + [1]) != AddressBlock(Self.network.dropLast() + [3] + tail + [1]))
    }

    @Test func noIPv6AddressIsAnIPv4One() {
        // ::192.0.2.1 has the lower half of a mapped address, and all of ::/64 is one block.
        let zeros = [UInt8](repeating: 0, count: 12)
        #expect(AddressBlock(zeros + [192, 0, 2, 1]) != AddressBlock(Self.mapped + [192, 0, 2, 1]))
        #expect(AddressBlock(zeros + [0, 0, 0, 0]) != AddressBlock(Self.mapped + [0, 0, 0, 0]))
    }
}
