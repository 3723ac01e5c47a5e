import Glibc
package import MSNP

/// A port of 127.0.0.1 where nobody listens, and nobody else can for as long as this lives: it is bound and no more.
package final class ClosedPort: Sendable {
    private let descriptor: CInt
    package let address: ServerAddress

    package init() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        // The C calls take a sockaddr of any family by its first field; the pointers live for the calls alone.
        let port = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16 in
                precondition(bind(descriptor, address, length) == 0, "bind")
                precondition(getsockname(descriptor, address, &length) == 0, "getsockname")
                return pointer.pointee.sin_port.bigEndian
            }
        }
        address = ServerAddress(host: "127.0.0.1", port: port)
    }

    deinit { Glibc.close(descriptor) }
}
