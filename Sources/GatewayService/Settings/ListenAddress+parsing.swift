package import HTTPFront
import MSNPClient

extension ListenAddress {
    /// Parses `HOST:PORT`, where the host is an IPv4 address, an IPv6 address in brackets, or `localhost`.
    package init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { return nil }
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard host == "localhost" || IPAddress(literal: host) != nil else { return nil }
        self.init(host: host, port: port)
    }

    /// Whether only this machine's own programs can reach it.
    package var isLoopback: Bool { host == "localhost" || IPAddress(literal: host)?.kind == .loopback }
}
