import CMicroHTTPD

extension Loop {
    /// Keeps a socket that the library is about to close.
    func startLingering(_ socket: Int32) {
        guard lingering.count < LingeringSocket.maximum, let kept = LingeringSocket(duplicating: socket) else { return }
        nextNumber += 1
        let id = Tag.firstLinger + nextNumber
        // What can't be watched is closed, as it would have been without this.
        guard (try? poller.add(kept.number, for: gw_readable, tag: id)) != nil else { return }
        lingering[id] = kept
        deadlines.insert(id, at: now + LingeringSocket.timeout)
    }

    /// Bytes have come, or the end.
    func linger(_ id: UInt64) {
        guard let socket = lingering[id], !socket.drain() else { return }
        endLingering(id)
    }

    func endLingering(_ id: UInt64) {
        guard let socket = lingering.removeValue(forKey: id) else { return }
        poller.remove(socket.number)
    }
}
