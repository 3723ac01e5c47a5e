/// Where a server listens.
package enum ListenAddress: Sendable, Hashable {
    /// An IPv4 or IPv6 address, or `localhost`; port 0 for any that is free.
    case tcp(host: String, port: UInt16)
    /// A Unix socket by its absolute path; a name that begins with `@` is in no file system (unix(7), abstract).
    case unix(path: String)

    package init(host: String, port: UInt16) { self = .tcp(host: host, port: port) }

    /// Empty for a Unix socket.
    package var host: String { if case .tcp(let host, _) = self { host } else { "" } }

    /// 0 for any that is free, and for a Unix socket.
    package var port: UInt16 { if case .tcp(_, let port) = self { port } else { 0 } }

    /// As people and curl are told: `http://127.0.0.1:8080`, `unix:/run/gateway.sock`.
    package var url: String {
        switch self {
        case .tcp: "http://\(self)"
        case .unix: description
        }
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As in a URL, `127.0.0.1:8080`, `[::1]:8080`, or as it is set: `unix:/run/gateway.sock`.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
