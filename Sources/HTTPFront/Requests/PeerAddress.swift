/// The address a request came from, without its port.
package struct PeerAddress: Sendable, Hashable {
    /// `192.0.2.1` or `2001:db8::1`; an IPv4 address mapped into IPv6 is written as IPv4.
    ///
    /// Empty at a Unix socket.
    package let ip: String

    /// From the text of an address.
    package init(ip: String) {
        let mapped = "::ffff:"
        if ip.lowercased().hasPrefix(mapped), ip.contains(".") {
            self.ip = String(ip.dropFirst(mapped.count))
        } else {
            self.ip = ip
        }
    }

    /// Whether it is this machine's own: 127.0.0.0/8 or `::1`.
    package var isLoopback: Bool { ip == "::1" || ip.hasPrefix("127.") }
}

extension PeerAddress: CustomStringConvertible {
    package var description: String { ip }
}
