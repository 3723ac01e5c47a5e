import Glibc
package import MSNP
package import NIOCore
import NIOPosix

/// The system's resolver, called on NIO's threads for blocking calls.
package struct SystemResolver: AddressResolving {
    /// More addresses of one name than these are not tried: the time-out would be over first.
    private static let mostAddresses = 8

    package init() {}

    /// Looks a name up with `getaddrinfo`, off the loops; empty where there is none.
    package func resolve(_ address: ServerAddress) async -> [SocketAddress] {
        if let literal = try? SocketAddress(ipAddress: address.host, port: Int(address.port)) { return [literal] }
        let found = try? await NIOThreadPool.singleton.runIfActive { Self.lookUp(address) }
        return found ?? []
    }

    /// The addresses of a name, waited for on this thread.
    static func lookUp(_ address: ServerAddress) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else { return [] }
        // The list is getaddrinfo's own, freed once, after the addresses were copied out of it.
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next, found.count < mostAddresses {
            if let address = unsafe socketAddress(of: entry.pointee) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    private static func socketAddress(of entry: addrinfo) -> SocketAddress? {
        guard let address = unsafe entry.ai_addr else { return nil }
        // ai_family says which of the two structures ai_addr points to.
        switch unsafe entry.ai_family {
        case AF_INET:
            return unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe SocketAddress($0.pointee)
            }
        case AF_INET6:
            return unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                unsafe SocketAddress($0.pointee)
            }
        default: return nil
        }
    }
}
