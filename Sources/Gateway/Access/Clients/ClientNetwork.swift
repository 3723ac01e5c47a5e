import MSNPClient

/// What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 one, of which whoever has one has all.
struct ClientNetwork: Hashable, Sendable {
    /// 4 or 8 bytes; none where the client has no address, which is not to be taken for a client of this machine.
    private let bytes: [UInt8]

    /// Bytes of an IPv6 address that count (RFC 6177: nobody gets less than a /64).
    private static let prefix = 8

    init(_ address: IPAddress?) {
        let whole = address?.bytes ?? []
        bytes = whole.count > 4 ? Array(whole.prefix(Self.prefix)) : whole
    }
}
