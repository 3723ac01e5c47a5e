/// Under which names the gateway may be called (RFC 9110, 7.2).
///
/// A page of another site can make a browser call the gateway under that site's name once its DNS points here. An IP
/// literal or `localhost` can't be rebound; any other name has to be listed.
struct HostPolicy: Sendable {
    private let publicHosts: Set<String>

    init(publicHosts: Set<String>) {
        self.publicHosts = Set(publicHosts.map { $0.lowercased() })
    }

    /// Takes the value of `Host`, with whatever port.
    func permits(_ host: String) -> Bool {
        guard let name = Self.name(in: host) else { return false }
        return name == "localhost" || Self.isLiteral(name) || publicHosts.contains(name)
    }

    /// The host without its port, in lower case; nil when it is none.
    static func name(in host: String) -> String? {
        let lower = host.lowercased()
        let name: Substring
        let rest: Substring
        if lower.first == "[" {
            guard let close = lower.firstIndex(of: "]") else { return nil }
            name = lower[...close]
            rest = lower[lower.index(after: close)...]
        } else {
            name = lower.prefix { $0 != ":" }
            rest = lower[name.endIndex...]
        }
        let digits = rest.dropFirst()
        guard !name.isEmpty, rest.isEmpty || rest.first == ":", digits.utf8.count <= 5,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        // A name with its root dot is the same name.
        return name.hasSuffix(".") ? String(name.dropLast()) : String(name)
    }

    private static func isLiteral(_ name: String) -> Bool {
        if name.first == "[" {
            return name.dropFirst().dropLast().utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: ":"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8($0) != nil }
    }
}
