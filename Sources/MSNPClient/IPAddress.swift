import Loops

/// The bytes of an IPv4 or IPv6 address, for deciding what kind of place it is.
package struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes in network order; an IPv4-mapped IPv6 address is kept as the IPv4 address that it reaches.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = bytes.count == 16 && bytes.starts(with: mappedPrefix) ? Array(bytes.suffix(4)) : bytes
    }

    /// Parses a literal; nil for a name.
    package init?(literal: String) {
        guard let endpoint = TCPEndpoint(literal: literal, port: 0) else { return nil }
        self.init(endpoint)
    }

    /// The address that an endpoint has.
    init(_ endpoint: TCPEndpoint) { self.init(endpoint.address) }

    /// Whether it stands for all addresses of a machine: `0.0.0.0`, `::`.
    var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    /// What an address policy goes by.
    package var kind: IPAddressKind {
        bytes.count == 4 ? Self.kind(ofIPv4: bytes) : Self.kind(ofIPv6: bytes)
    }

    private static func kind(ofIPv4 bytes: [UInt8]) -> IPAddressKind {
        switch (bytes[0], bytes[1]) {
        case (127, _): .loopback
        case (169, 254): .linkLocal
        // RFC 1918, and the shared space of RFC 6598.
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): .privateUse
        // "This network", multicast, reserved and broadcast; 192.0.0.0/24 and the benchmarking range.
        case (0, _), (224...255, _), (198, 18...19): .unusable
        case (192, 0) where bytes[2] == 0: .unusable
        default: .publicUnicast
        }
    }

    private static func kind(ofIPv6 bytes: [UInt8]) -> IPAddressKind {
        let leading = bytes.dropLast()
        if leading.allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .loopback : .unusable }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xBF): return .linkLocal
        case (0xFC...0xFD, _), (0xFE, 0xC0...0xFF): return .privateUse
        case (0xFF, _): return .unusable
        // NAT64 and 6to4 carry an IPv4 address, which is where they lead.
        case (0x00, 0x64) where bytes[2] == 0xFF && bytes[3] == 0x9B:
            return kind(ofIPv4: Array(bytes[12..<16]))
        case (0x20, 0x02): return kind(ofIPv4: Array(bytes[2..<6]))
        case (0x20...0x3F, _): return .publicUnicast
        default: return .unusable
        }
    }
}
