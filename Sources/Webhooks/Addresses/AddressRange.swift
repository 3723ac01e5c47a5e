import Loops

/// The addresses that share their first bits, as operators list them: `10.0.0.0/8`, `fd00::/8`, `192.0.2.7`.
package struct AddressRange: Hashable, Sendable {
    /// 4 or 16 bytes in network order; all bits behind the shared ones are 0.
    private let first: [UInt8]
    /// How many bits are shared, up to all of them.
    private let bits: Int

    /// Nil where it is no address, has more bits than an address, or has one set that is not shared.
    ///
    /// Without a length it is the one address. IPv4 addresses mapped into IPv6 are the IPv4 addresses that they reach.
    package init?(_ text: String) {
        // An address, a slash and three digits: `inet_pton` would read more, and finds nothing in it.
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let endpoint = TCPEndpoint(literal: String(parts[0]), port: 0) else { return nil }
        var bytes = endpoint.address
        var length = bytes.count * 8
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= length
            else { return nil }
            length = number
        }
        if let mapped = Self.unmapped(bytes), length >= 96 { (bytes, length) = (mapped, length - 96) }
        first = bytes
        bits = length
        let unshared = length..<bytes.count * 8
        guard unshared.allSatisfy({ bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }) else { return nil }
    }

    private init(_ first: [UInt8], bits: Int) {
        self.first = first
        self.bits = bits
    }

    /// One that is written down in the program.
    init(literal text: StaticString) {
        guard let range = AddressRange(text.description) else { preconditionFailure("\(text) is no range") }
        self = range
    }

    /// Whether it has the address: 4 or 16 bytes in network order, one that is mapped into IPv6 as what it reaches.
    package func contains(_ address: [UInt8]) -> Bool {
        let address = Self.unmapped(address) ?? address
        guard address.count == first.count else { return false }
        let whole = bits / 8
        guard address.prefix(whole).elementsEqual(first.prefix(whole)) else { return false }
        let rest = bits % 8
        return rest == 0 || (address[whole] ^ first[whole]) >> UInt8(8 - rest) == 0
    }

    /// The IPv4 address that an IPv6 address of the form `::ffff:192.0.2.1` reaches; nil for any other.
    static func unmapped(_ address: [UInt8]) -> [UInt8]? {
        guard address.count == 16, address.prefix(10).allSatisfy({ $0 == 0 }), address[10] == 0xFF, address[11] == 0xFF
        else { return nil }
        return Array(address.suffix(4))
    }
}

extension AddressRange: CustomStringConvertible {
    /// As it is usually written, a length behind it unless it is a single address.
    package var description: String {
        let address = TCPEndpoint(address: first, port: 0)?.literal ?? "no address"
        return bits == first.count * 8 ? address : "\(address)/\(bits)"
    }
}
