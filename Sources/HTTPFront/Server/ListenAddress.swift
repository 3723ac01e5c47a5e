/// Where a server listens.
package struct ListenAddress: Sendable, Hashable {
    /// An IPv4 or IPv6 address, or `localhost`.
    package var host: String
    /// 0 for any that is free.
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As in a URL: `127.0.0.1:8080`, `[::1]:8080`.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
