/// Where a gateway is reached: `http://127.0.0.1:8080`, `https://msn.example/chat`, or `unix:/run/msnp-gateway.sock`.
public struct GatewayAddress: Hashable, Sendable {
    /// Bytes of an address.
    private static let longest = 1024
    /// Bytes of a socket's path: `sun_path` has 108, the last of them zero.
    private static let longestPath = 107

    /// What requests begin with, without a slash at its end.
    let base: String
    /// The socket of a machine that is asked instead of a host; nil where there is a host.
    let socket: String?

    /// Takes an address apart.
    ///
    /// Throws `GatewayError.invalidRequest` for what is none: another scheme, a user, a query, a fragment, or more than 1,024 bytes.
    public init(_ text: String) throws(GatewayError) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) || $0 >= 0x80 }) else {
            throw Self.refusal
        }
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard !path.isEmpty, path.utf8.count <= Self.longestPath else { throw Self.refusal }
            // A gateway takes `localhost` for itself whatever it is called.
            (base, socket) = ("http://localhost", path)
            return
        }
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { throw Self.refusal }
        let rest = text.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" }
        guard !host.isEmpty, host.first != ":", !rest.contains(where: { "@?#\\\"<>^`{|}".contains($0) }) else {
            throw Self.refusal
        }
        (base, socket) = (String(text.reversed().drop { $0 == "/" }.reversed()), nil)
    }

    /// Whether it is a host, and this machine, by its name or as a literal.
    var isLoopback: Bool {
        let host = base.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        if host.first == "[" { return host.prefix { $0 != "]" } == "[::1" }
        let name = host.prefix { $0 != ":" }
        return name.lowercased() == "localhost"
            || name.hasPrefix("127.") && name.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
    }

    private static let refusal = GatewayError.invalidRequest(
        "The address of a gateway is http://HOST:PORT, https://HOST or unix:PATH.")
}

extension GatewayAddress: CustomStringConvertible {
    /// As it was given, without slashes at its end.
    public var description: String { socket.map { "unix:\($0)" } ?? base }
}

extension GatewayAddress: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
