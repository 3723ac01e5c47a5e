import CLinux
import Glibc

/// What counts as one client: an IPv4 address, or the /64 that an IPv6 address is in, of which a person has one or more.
struct AddressBlock: Hashable, Sendable {
    private let isIPv4: Bool
    /// The address, or its upper half.
    private let bits: UInt64

    /// From the 16 bytes of an IPv6 address; one that is mapped from IPv4 counts as that.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == 16, "an IPv6 address has 16 bytes")
        isIPv4 = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        bits = (isIPv4 ? bytes[12...] : bytes[..<8]).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Of a socket's other end, which the pointer has to be as long as its family says; nil for another family than IPv4
    /// and IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        var bytes = [UInt8](repeating: 0, count: 16)
        // Reads what the family says is there, and writes 16 bytes.
        guard unsafe gw_address_bytes(address, &bytes) != 0 else { return nil }
        self.init(bytes)
    }
}
