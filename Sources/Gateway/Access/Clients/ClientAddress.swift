import HTTPFront
import MSNPClient

/// Where a request comes from, as far as it can be believed: what throttles, limits and the log go by.
struct ClientAddress: Hashable, Sendable {
    /// Nil where nothing believable names one: behind a proxy on a Unix socket that says nothing, for example.
    let ip: IPAddress?

    /// What is counted.
    var network: ClientNetwork { ClientNetwork(ip) }
}

extension ClientAddress: CustomStringConvertible {
    /// For the log.
    var description: String { ip.map { "\($0)" } ?? "unknown" }
}

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

/// Reads who the client is behind proxies that the operator trusts.
///
/// Whoever is connected is the client, unless it is a trusted proxy: then the field that the proxies write is read from
/// the right, each address there being what the next hop saw. Trusted ones are skipped, and the first other is the
/// client; whatever a client wrote itself stands to the left of that and is never looked at. Where a hop names nobody
/// (`unknown`, a name of its own, nonsense), the last trusted one before it is as far as can be seen.
struct ClientAddressResolver: Sendable {
    private let trusted: Set<IPAddress>
    private let header: ProxyHeader

    init(trustedProxies: Set<IPAddress>, header: ProxyHeader) {
        trusted = trustedProxies
        self.header = header
    }

    /// Takes texts that are IP addresses; others trust nobody.
    init(_ configuration: GatewayConfiguration) {
        self.init(
            trustedProxies: Set(configuration.trustedProxies.compactMap { ForwardedNode.address($0.utf8) }),
            header: configuration.proxyHeader)
    }

    func client(of head: RequestHead) -> ClientAddress {
        let peer = ForwardedNode.address(head.peer.ip.utf8)
        // The usual case costs no look at the fields.
        guard isTrusted(peer) else { return ClientAddress(ip: peer) }
        return resolve(peer: peer, lines: head.headers.values(of: header.field))
    }

    /// - Parameters:
    ///   - peer: whoever is connected; nil on a Unix socket, whose other end counts as a trusted proxy.
    ///   - lines: the values of the field, in their order.
    func resolve(peer: IPAddress?, lines: [String]) -> ClientAddress {
        guard isTrusted(peer) else { return ClientAddress(ip: peer) }
        var hop = peer
        // A list may be spread over lines (RFC 9110, 5.3), and no element is: a quote that is never closed swallows
        // nothing of the lines behind it.
        for line in lines.reversed() {
            var elements = ReversedElements(line)
            while let element = elements.next() {
                let named: IPAddress? =
                    switch header {
                    case .xForwardedFor: ForwardedNode.node(element)
                    case .forwarded: ForwardedNode.node(ofPair: element)
                    }
                guard let named else { return ClientAddress(ip: hop) }
                guard isTrusted(named) else { return ClientAddress(ip: named) }
                hop = named
            }
        }
        return ClientAddress(ip: hop)
    }

    private func isTrusted(_ address: IPAddress?) -> Bool {
        guard let address else { return true }
        return trusted.contains(address)
    }
}

/// The one field in which the trusted proxies say for whom they ask; the other is a caller's own talk and ignored.
package enum ProxyHeader: String, CaseIterable, Sendable {
    /// A list of addresses, as nginx' `$proxy_add_x_forwarded_for` makes it.
    case xForwardedFor = "x-forwarded-for"
    /// RFC 7239.
    case forwarded

    var field: String {
        switch self {
        case .xForwardedFor: "X-Forwarded-For"
        case .forwarded: "Forwarded"
        }
    }
}
