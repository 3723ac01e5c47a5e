import CLinux
import Glibc
import Loops

/// The socket at which connections arrive, shared by all loops.
final class ListeningSocket: Sendable {
    /// Connections that may wait to be accepted; the kernel lowers it to its own limit (`net.core.somaxconn`).
    private static let backlog: Int32 = 4096

    let descriptor: Descriptor
    /// Host and port as they are bound.
    let address: ListenAddress

    /// Listens; `localhost` is 127.0.0.1.
    init(_ wanted: ListenAddress) throws(HTTPServerError) {
        let host = wanted.host.lowercased() == "localhost" ? "127.0.0.1" : wanted.host
        var hints = unsafe addrinfo()
        // Names are refused: a resolver could send the gateway to an interface that nobody meant.
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        // On success a list of at least one address, which is freed below.
        guard Self.isAddress(host), unsafe getaddrinfo(host, String(wanted.port), &hints, &list) == 0,
            let found = unsafe list
        else { throw .invalidHost(wanted.host) }
        defer { unsafe freeaddrinfo(found) }
        let family = unsafe found.pointee.ai_family
        let number = socket(family, Int32(SOCK_STREAM.rawValue) | gw_socket_flags, 0)
        guard number >= 0 else { throw .system(call: "socket", code: errno) }
        descriptor = Descriptor(owning: number)
        // For a restart while connections of the last run are in TIME_WAIT. Not SO_REUSEPORT, with which a second gateway
        // would take the port, too, and half of the connections.
        var on: Int32 = 1
        unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var buffer = Int32(HTTPConfiguration.sendBuffer)
        // Reads the integer; a kernel that refuses leaves the buffers as large as they are.
        unsafe setsockopt(number, SOL_SOCKET, SO_SNDBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
        // The address is as long as the list says.
        guard unsafe bind(number, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            listen(number, Self.backlog) == 0
        else { throw .cannotListen(wanted, code: errno) }
        address = try Self.boundAddress(of: number)
    }

    /// Refuses connections from now on, also those that wait.
    func shutDown() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }

    /// Whether it looks like an address in full: `getaddrinfo` takes `1.2.3` and `*`, too, and stops at a NUL.
    private static func isAddress(_ host: String) -> Bool {
        var address = in_addr()
        // Reads a string with a zero behind it, and writes into the structure.
        let isIPv4 = unsafe inet_pton(AF_INET, host, &address) == 1
        return (isIPv4 || host.contains(":")) && !host.utf8.contains(0)
    }

    private static func boundAddress(of number: Int32) throws(HTTPServerError) -> ListenAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // A storage is as large as any address and starts as all of them do.
        let bound: (host: String, port: UInt16)? = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(number, address, &length) == 0 ? SocketAddress.numeric(address) : nil
            }
        }
        guard let bound else { throw .system(call: "getsockname", code: errno) }
        return ListenAddress(host: bound.host, port: bound.port)
    }
}
