import CLinux
import Glibc
import Loops

extension Loop {
    /// Connections accepted in a row: the other loops want some, too, and those that are open want to be served.
    private static let acceptsAtATime = 64
    /// How long to leave the listening socket alone when there are no descriptors, which it would report without end.
    private static let acceptPause = Duration.milliseconds(100)

    /// Takes the connections that wait at one of the listening sockets.
    func accept(at index: Int) {
        let listener = listeners[index].descriptor.number
        for _ in 0..<Self.acceptsAtATime {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            // A storage is as large as any address and starts as all of them do.
            let failed: Int32? = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    let socket = unsafe accept4(listener, address, &length, gw_socket_flags)
                    guard socket >= 0 else { return errno }
                    if let other = withFewer() {
                        unsafe other.give(LoopShare.Arrival(socket, pointer.pointee, length))
                    } else {
                        unsafe admit(socket, address, length)
                    }
                    return nil
                }
            }
            switch failed {
            case nil: continue
            case EAGAIN: return
            case EMFILE,
                ENFILE where spare != nil:
                guard refuseWithSpare(at: listener) else { return }
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                eventLoop.unwatch(listener)
                resting.append(index)
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
        if spare == nil { spare = Self.makeSpare() }
        resting.removeAll { index in
            watch(listeners[index].descriptor.number, for: gw_readable_exclusively, tag: Tag.listener(index))
        }
        if !resting.isEmpty { acceptsAgain = now + Self.acceptPause }
    }

    func stopAccepting() {
        acceptsAgain = nil
        resting = []
        for listener in listeners { eventLoop.unwatch(listener.descriptor.number) }
    }

    /// A descriptor that is held so that there is one to refuse with when there are none; nil when there are none.
    static func makeSpare() -> Descriptor? {
        let number = eventfd(0, gw_eventfd_flags)
        return number >= 0 ? Descriptor(owning: number) : nil
    }

    /// Counts a refusal, and says so now and then.
    func note(_ refusal: ConnectionRefusal) {
        if let count = admission.note(refusal, at: now) { handler.noteRefusals(refusal, count: count) }
    }

    /// The loop that has the fewest connections; nil where none has fewer than this one.
    private func withFewer() -> LoopShare? {
        guard !isDraining, let least = admission.shares.min(by: { $0.count < $1.count }), least.count < share.count
        else {
            return nil
        }
        return least
    }

    /// Takes in a connection that another loop has accepted.
    func take(_ arrival: LoopShare.Arrival) {
        share.left()
        // A storage is as large as any address and starts as all of them do.
        unsafe withUnsafePointer(to: arrival.address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe admit(arrival.take(), address, arrival.length)
            }
        }
    }

    private func admit(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        var verdict = admission.admit(unsafe AddressBlock(address), loop: index) {
            configuration.isExempt(unsafe PeerAddress(address))
        }
        if case .refused(.connections) = verdict, let place = evictIdleProbe() { verdict = .admitted(place) }
        switch verdict {
        case .admitted(let ticket):
            let daemon = daemons[nextDaemon]
            nextDaemon = (nextDaemon + 1) % daemons.count
            unsafe daemon.add(socket, from: address, length, ticket)
            wake(daemon.index)
        case .refused(let refusal):
            note(refusal)
            turnAway(socket, with: refusalResponses.message(refusal), lingers: true)
        }
    }

    /// Accepts a connection in place of the spare descriptor, refuses it, and takes the descriptor back; false when there
    /// was no connection.
    private func refuseWithSpare(at listener: Int32) -> Bool {
        spare = nil
        defer { spare = Self.makeSpare() }
        let socket = accept4(listener, nil, nil, gw_socket_flags)
        // Somebody else took the descriptor, or another loop the connection.
        guard socket >= 0 else { return false }
        note(.descriptors)
        turnAway(socket, with: refusalResponses.message(.descriptors), lingers: false)
        return true
    }
}
