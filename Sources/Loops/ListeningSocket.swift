package import CLinux
import Glibc

/// A socket at which connections arrive; any thread may accept them.
package final class ListeningSocket: Sendable {
    /// What became of a look for a connection.
    package enum Acceptance {
        /// One was there.
        case taken
        /// None waits, or the socket is shut down.
        case nobody
        /// One failed before it was accepted (accept(2)); there may be others.
        case failed
        /// There are no descriptors.
        case noDescriptors
        /// The kernel has no memory.
        case noMemory
    }

    /// To be watched for connections.
    package let descriptor: Descriptor
    /// As it is bound: with the port that was free, where it was to be any.
    package let endpoint: TCPEndpoint

    /// Listens.
    ///
    /// - Parameters:
    ///   - wanted: with port 0 for any that is free.
    ///   - backlog: connections that may wait to be accepted; the kernel lowers it to its own limit (`net.core.somaxconn`).
    ///   - options: its connections have them, too, as Linux has them inherit what is set.
    package init(at wanted: TCPEndpoint, backlog: Int32, _ options: [Socket.Option]) throws(SystemCallError) {
        let number = socket(wanted.family, Int32(SOCK_STREAM.rawValue) | gw_socket_flags, 0)
        guard number >= 0 else { throw SystemCallError(call: "socket", code: errno) }
        descriptor = Descriptor(owning: number)
        // For a restart while connections of the last run are in TIME_WAIT. Not SO_REUSEPORT, with which a second server
        // would take the port, too, and half of the connections.
        Socket.Option(level: SOL_SOCKET, name: SO_REUSEADDR, value: 1).set(on: number)
        for option in options { option.set(on: number) }
        // Reads the address, which is there as long as the call.
        guard unsafe wanted.withSystemAddress({ unsafe bind(number, $0, $1) }) == 0 else {
            throw SystemCallError(call: "bind", code: errno)
        }
        guard listen(number, backlog) == 0 else { throw SystemCallError(call: "listen", code: errno) }
        guard let bound = TCPEndpoint.ofSocket(number) else { throw SystemCallError(call: "getsockname", code: errno) }
        endpoint = bound
    }

    /// Accepts a connection and hands its descriptor, which doesn't block, to `body`, with the address of the other side.
    package func accept(_ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Void) -> Acceptance {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // A storage is as large as any address and starts as all of them do.
        let failed: Int32? = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let accepted = unsafe accept4(descriptor.number, address, &length, gw_socket_flags)
                guard accepted >= 0 else { return errno }
                unsafe body(accepted, address, length)
                return nil
            }
        }
        switch failed {
        case nil: return .taken
        // The second after `shutDown`.
        case EAGAIN, EINVAL: return .nobody
        case EMFILE, ENFILE: return .noDescriptors
        case ENOBUFS, ENOMEM: return .noMemory
        default: return .failed
        }
    }

    /// Refuses connections from now on, also those that wait.
    package func shutDown() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }
}
