import CLinux
import CMicroHTTPD
import Glibc
import Loops

/// Addresses of sockets in the shapes that the system wants.
enum SocketAddress {
    /// Host and port as numbers; empty and 0 for another family than IPv4 and IPv6.
    static func numeric(_ address: UnsafePointer<sockaddr>) -> (host: String, port: UInt16) {
        let length: socklen_t
        switch Int32(unsafe address.pointee.sa_family) {
        case AF_INET: length = socklen_t(MemoryLayout<sockaddr_in>.size)
        case AF_INET6: length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        default: return ("", 0)
        }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        // Reads `length` bytes, which the family says are there, and writes within the counts, closing zeros included.
        let failed = unsafe getnameinfo(
            address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV
        )
        guard failed == 0 else { return ("", 0) }
        return unsafe (CString.string(host), UInt16(CString.string(port)) ?? 0)
    }

    /// What a socket is bound to.
    static func bound(_ number: Int32) throws(HTTPServerError) -> ListenAddress {
        if let unix = UnixEndpoint.ofSocket(number) { return .unix(path: unix.name) }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // A storage is as large as any address and starts as all of them do.
        let bound: (host: String, port: UInt16)? = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(number, address, &length) == 0 ? numeric(address) : nil
            }
        }
        guard let bound else { throw .system(call: "getsockname", code: errno) }
        // Nothing but IPv4 and IPv6 has a host.
        guard !bound.host.isEmpty else { throw .system(call: "getsockname", code: EAFNOSUPPORT) }
        return .tcp(host: bound.host, port: bound.port)
    }
}
