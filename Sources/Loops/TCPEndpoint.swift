import CLinux
import Glibc

/// Where a TCP connection leads: an IPv4 or IPv6 address, and a port.
package struct TCPEndpoint: Sendable, Hashable {
    /// 4 or 16 bytes in network order.
    package let address: [UInt8]
    /// Where a server listens; with 0 it is about the address alone.
    package let port: UInt16
    /// The interface of a link-local IPv6 address; 0 for none.
    private let scope: UInt32

    /// Nil where the address has another length.
    package init?(address: [UInt8], port: UInt16, scope: UInt32 = 0) {
        guard address.count == 4 || address.count == 16 else { return nil }
        self.address = address
        self.port = port
        self.scope = scope
    }

    init(_ other: TCPEndpoint, port: UInt16) {
        address = other.address
        self.port = port
        scope = other.scope
    }

    /// Parses a literal, in full and without a zone; nil for a name.
    package init?(literal: String, port: UInt16) {
        // Both end at a NUL, which no literal has.
        guard !literal.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        var v6 = in6_addr()
        // Reads a string with a zero behind it, and writes into the structure.
        if unsafe inet_pton(AF_INET, literal, &v4) == 1 {
            self.init(address: Self.bytes(of: v4), port: port)
        } else if unsafe inet_pton(AF_INET6, literal, &v6) == 1 {
            self.init(address: Self.bytes(of: v6), port: port)
        } else {
            return nil
        }
    }

    /// Nil for another family than IPv4 and IPv6.
    init?(_ raw: UnsafePointer<sockaddr>) {
        // The family says which of the two structures there is.
        switch Int32(unsafe raw.pointee.sa_family) {
        case AF_INET:
            let v4 = unsafe UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in.self)
            self.init(address: Self.bytes(of: v4.sin_addr), port: UInt16(bigEndian: v4.sin_port))
        case AF_INET6:
            let v6 = unsafe UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in6.self)
            self.init(
                address: Self.bytes(of: v6.sin6_addr), port: UInt16(bigEndian: v6.sin6_port), scope: v6.sin6_scope_id)
        default: return nil
        }
    }

    var family: Int32 { address.count == 4 ? AF_INET : AF_INET6 }

    /// Calls a body with the address in the shape that the system wants.
    func withSystemAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        if address.count == 4 {
            var v4 = sockaddr_in()
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &v4.sin_addr) { unsafe $0.copyBytes(from: address) }
            return unsafe Self.lend(v4, body)
        }
        var v6 = sockaddr_in6()
        v6.sin6_family = sa_family_t(AF_INET6)
        v6.sin6_port = port.bigEndian
        v6.sin6_scope_id = scope
        unsafe withUnsafeMutableBytes(of: &v6.sin6_addr) { unsafe $0.copyBytes(from: address) }
        return unsafe Self.lend(v6, body)
    }

    private static func lend<A, R>(_ address: A, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        // Both structures start as a `sockaddr` does, and the length says which it is.
        unsafe withUnsafeBytes(of: address) { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { raw in
                guard let base = raw.baseAddress else { preconditionFailure("an address has bytes") }
                return unsafe body(base, socklen_t(MemoryLayout<A>.size))
            }
        }
    }

    private static func bytes<A>(of address: A) -> [UInt8] {
        // A plain C structure; the copy is made inside the call.
        unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
    }
}
