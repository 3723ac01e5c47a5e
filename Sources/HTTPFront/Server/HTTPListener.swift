import CLinux
import Glibc
import Loops

/// A socket at which connections arrive, shared by all loops.
package final class HTTPListener: Sendable {
    /// What becomes of it when the server stops.
    private enum End {
        /// It is this process's own: connections are refused from then on, those that wait, too.
        case refusing
        /// The same, and its file goes.
        case removing(UnixSocketFile)
        /// Somebody else has it too, and keeps those that wait for the next process.
        case leaving
    }

    /// Connections that may wait to be accepted; the kernel lowers it to its own limit (`net.core.somaxconn`).
    static let backlog: Int32 = 4096

    let descriptor: Descriptor
    /// As it is bound: with the port that was free, where it was to be any.
    package let address: ListenAddress
    private let end: End

    /// Listens; `localhost` is 127.0.0.1.
    convenience init(_ wanted: ListenAddress) throws(HTTPServerError) {
        switch wanted {
        case .tcp(let host, let port): try self.init(host: host, port: port)
        case .unix(let path): try self.init(path: path)
        }
    }

    private init(host: String, port: UInt16) throws(HTTPServerError) {
        let numeric = host.lowercased() == "localhost" ? "127.0.0.1" : host
        var hints = unsafe addrinfo()
        // Names are refused: a resolver could send the gateway to an interface that nobody meant.
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        // On success a list of at least one address, which is freed below.
        guard Self.isAddress(numeric), unsafe getaddrinfo(numeric, String(port), &hints, &list) == 0,
            let found = unsafe list
        else { throw .invalidHost(host) }
        defer { unsafe freeaddrinfo(found) }
        let number = try Self.socket(of: unsafe found.pointee.ai_family)
        descriptor = Descriptor(owning: number)
        // For a restart while connections of the last run are in TIME_WAIT. Not SO_REUSEPORT, with which a second gateway
        // would take the port, too, and half of the connections.
        Socket.Option(level: SOL_SOCKET, name: SO_REUSEADDR, value: 1).set(on: number)
        // The address is as long as the list says.
        guard unsafe bind(number, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            listen(number, Self.backlog) == 0
        else { throw .cannotListen(.tcp(host: host, port: port), code: errno) }
        address = try SocketAddress.bound(number)
        end = .refusing
    }

    private init(path: String) throws(HTTPServerError) {
        let number = try Self.socket(of: AF_UNIX)
        descriptor = Descriptor(owning: number)
        let file = try UnixSocketFile(listeningAt: path, number)
        address = .unix(path: path)
        end = .removing(file)
    }

    /// Takes over a socket that somebody else has opened for this process, and that listens.
    package init(inheriting number: Int32) throws(HTTPServerError) {
        guard Self.option(SO_TYPE, of: number) == Int32(SOCK_STREAM.rawValue),
            Self.option(SO_ACCEPTCONN, of: number) == 1
        else { throw .cannotInherit(number) }
        descriptor = Descriptor(owning: number)
        address = try SocketAddress.bound(number)
        end = .leaving
        // Both calls change nothing but what they say.
        guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) == 0
        else { throw .system(call: "fcntl", code: errno) }
        Self.setBuffer(of: number)
    }

    /// Accepts nothing from now on; whoever waits is refused, unless somebody else has the socket, too.
    func shutDown() {
        switch end {
        case .leaving: return
        case .removing(let file): file.remove()
        case .refusing: break
        }
        shutdown(descriptor.number, Int32(SHUT_RDWR))
    }

    private static func socket(of family: Int32) throws(HTTPServerError) -> Int32 {
        let number = Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | gw_socket_flags, 0)
        guard number >= 0 else { throw .system(call: "socket", code: errno) }
        setBuffer(of: number)
        return number
    }

    private static func setBuffer(of number: Int32) {
        // A kernel that refuses leaves the buffers as large as they are.
        Socket.Option(level: SOL_SOCKET, name: SO_SNDBUF, value: Int32(HTTPConfiguration.sendBuffer)).set(on: number)
    }

    private static func option(_ name: Int32, of number: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // Writes the integer.
        return unsafe getsockopt(number, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    /// Whether it looks like an address in full: `getaddrinfo` takes `1.2.3` and `*`, too, and stops at a NUL.
    private static func isAddress(_ host: String) -> Bool {
        var address = in_addr()
        // Reads a string with a zero behind it, and writes into the structure.
        let isIPv4 = unsafe inet_pton(AF_INET, host, &address) == 1
        return (isIPv4 || host.contains(":")) && !host.utf8.contains(0)
    }
}
