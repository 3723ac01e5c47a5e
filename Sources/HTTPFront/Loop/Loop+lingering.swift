import CLinux
import Glibc
import Loops

extension Loop {
    /// Keeps a socket that the library is about to close.
    func startLingering(_ socket: Int32) {
        guard lingering.count < LingeringSocket.maximum, let kept = LingeringSocket(duplicating: socket) else { return }
        linger(kept)
    }

    /// Tells a client that it isn't served, on a socket that nobody else has, and closes that when the client has read it.
    ///
    /// With many of them, or without `lingers`, it is closed at once, after what has come was read: mostly the whole
    /// request, so that no reset takes the answer away.
    func turnAway(_ socket: Int32, with message: [UInt8], lingers: Bool) {
        say(message, on: socket)
        let kept = LingeringSocket(owning: socket)
        guard kept.drain(), lingers, lingering.count < LingeringSocket.maximumRefused else { return }
        linger(kept)
    }

    /// Sends what is less than any socket's buffer takes; a client that has left is none of our business.
    func say(_ message: [UInt8], on socket: Int32) {
        _ = unsafe send(socket, message, message.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
    }

    private func linger(_ kept: LingeringSocket) {
        nextNumber += 1
        let id = Tag.firstLinger + nextNumber
        // What can't be watched is closed, as it would have been without this.
        guard watch(kept.number, for: gw_readable, tag: id) else { return }
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
        eventLoop.unwatch(socket.number)
    }
}
