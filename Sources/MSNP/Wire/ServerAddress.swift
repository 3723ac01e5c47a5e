/// Where a server is, as referrals write it: `10.0.0.5:1863` (protocol.md 1.1, 2.6).
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The port of every server kind unless it says another.
    package static let defaultPort: UInt16 = 1863

    /// A DNS name or an IP literal, an IPv6 one without brackets.
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16 = ServerAddress.defaultPort) {
        self.host = host
        self.port = port
    }

    /// Parses `host`, `host:port` and `[v6]:port`, at the last colon; nil when there is no host or no such port.
    package init?(parsing text: String) {
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: close)...]
            self.init(host: String(text[text.index(after: text.startIndex)..<close]), portSuffix: rest)
        } else if let colon = text.lastIndex(of: ":") {
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
        let digits = portSuffix.dropFirst()
        guard portSuffix.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits), port > 0
        else { return nil }
        self.init(host: host, port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
