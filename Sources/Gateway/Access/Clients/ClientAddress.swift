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
