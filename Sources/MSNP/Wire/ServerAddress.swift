import ByteText

/// A server's address, as referrals write it: `10.0.0.5:1863` (docs/protocol.md#servers, #referrals).
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The port of every server kind unless it says another.
    package static let defaultPort: UInt16 = 1863

    /// A DNS name or an IP literal, an IPv6 one without brackets.
    package var host: String
    /// The TCP port, 1863 where none is said.
    package var port: UInt16

    package init(host: String, port: UInt16 = ServerAddress.defaultPort) {
        self.host = host
        self.port = port
    }

    /// Parses `host`, `host:port` and `[v6]:port`, at the last colon; nil when there is no host or no such port.
    package init?(parsing text: String) {
        // By bytes: with a combining mark behind it a colon would be another Character.
        let bytes = text.utf8
        guard bytes.count <= WireLimits.address else { return nil }
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let rest = text[bytes.index(after: close)...]
            self.init(host: String(text[bytes.index(after: text.startIndex)..<close]), portSuffix: rest)
        } else if let colon = bytes.lastIndex(of: UInt8(ascii: ":")) {
            self.init(host: String(text[..<colon]), portSuffix: text[colon...])
        } else {
            self.init(host: text, portSuffix: "")
        }
    }

    private init?(host: String, portSuffix: Substring) {
        // Brackets only delimit: inside a host they would make the written form another address.
        guard !host.isEmpty,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") })
        else { return nil }
        guard !portSuffix.isEmpty else {
            self.init(host: host)
            return
        }
        let digits = portSuffix[portSuffix.utf8.index(after: portSuffix.startIndex)...]
        guard portSuffix.utf8.first == UInt8(ascii: ":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits), port > 0
        else { return nil }
        self.init(host: host, port: port)
    }

    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Hosts are compared without case, by their bytes alone (RFC 4343).
    package static func == (left: ServerAddress, right: ServerAddress) -> Bool {
        left.port == right.port && ASCII.equalsFolded(left.host, right.host)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(port)
        hasher.combine(FoldedText(host))
    }
}
