import CMicroHTTPD
import Glibc

extension Loop {
    /// Connections accepted in a row: the other loops want some, too, and those that are open want to be served.
    private static let acceptsAtATime = 64
    /// How long to leave the listening socket alone when there are no descriptors, which it would report without end.
    private static let acceptPause = Duration.milliseconds(100)

    func accept() {
        for _ in 0..<Self.acceptsAtATime {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let listener = listener.descriptor.number
            // A storage is as large as any address and starts as all of them do.
            let failed: Int32? = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    let socket = unsafe accept4(listener, address, &length, gw_socket_flags)
                    guard socket >= 0 else { return errno }
                    unsafe add(socket, address, length)
                    return nil
                }
            }
            switch failed {
            case nil: continue
            case EAGAIN: return
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                poller.remove(listener)
                acceptsAgain = now + Self.acceptPause
                return
            // After `shutDown` of the listening socket.
            case EINVAL: return
            // A connection that failed before it was accepted (accept(2)); there may be others.
            default: continue
            }
        }
    }

    func acceptAgain() {
        guard let time = acceptsAgain, now >= time else { return }
        acceptsAgain = nil
        do {
            try poller.add(listener.descriptor.number, for: gw_readable_exclusively, tag: Tag.listener)
        } catch {
            acceptsAgain = now + Self.acceptPause
        }
    }

    func stopAccepting() {
        acceptsAgain = nil
        poller.remove(listener.descriptor.number)
    }

    private func add(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        guard counters.openConnections < configuration.maximumConnections else {
            close(socket)
            return
        }
        let daemon = daemons[nextDaemon]
        nextDaemon = (nextDaemon + 1) % daemons.count
        unsafe daemon.add(socket, from: address, length)
        wake(daemon.index)
    }
}
