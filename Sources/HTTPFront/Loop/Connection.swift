import CMicroHTTPD

/// What a loop keeps about a connection as long as it is open.
final class Connection {
    let peer: PeerAddress
    /// The socket, which is the library's: watched, and never closed, here.
    let descriptor: Int32

    init(peer: PeerAddress, descriptor: Int32) {
        self.peer = peer
        self.descriptor = descriptor
    }
}
