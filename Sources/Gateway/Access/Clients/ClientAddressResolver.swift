import HTTPFront
import MSNPClient

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
