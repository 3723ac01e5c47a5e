/// An answer whose body comes in pieces, and the ways it can end.
///
/// The server asks for the next piece when the socket has taken the last one, and holds no more than that one: what is to
/// be sent later stays with its owner, and a slow reader costs nobody memory or time. While there is nothing to send, the
/// connection is suspended. All closures run on the loop's thread, under the rules of `RequestHandler`.
///
/// After the body the connection closes: with HTTP/1.0 that is how the client sees the end. An answer to HEAD has the
/// head alone, closes too, and none of the closures is called for it.
package struct Streaming: Sendable {
    /// Bytes that `next` is asked for: some events, and not so many that a reader which leaves wastes work.
    package static let pieceSize = 16 * 1024
    /// Bytes that the kernel holds of what a client has not read.
    ///
    /// Left to itself it grows to megabytes for each slow reader. The kernel doubles it for its own book-keeping.
    package static let socketBuffer = 64 * 1024

    /// Status and header fields; its body is not sent.
    package var response: Response
    /// After this long without a piece `heartbeat` is asked for one.
    package let heartbeatInterval: Duration
    /// Called once, before the first `next`.
    package var began: @Sendable (StreamSignal) -> Void
    /// The next piece, of about so many bytes: a single one that is larger is taken, too.
    package let next: @Sendable (_ size: Int) -> StreamPiece
    /// What to send when there was nothing else for a while, so that proxies keep the connection and dead clients are
    /// noticed.
    package let heartbeat: @Sendable () -> [UInt8]
    /// The answer of a server that is draining.
    package var refused: @Sendable () -> Response
    /// Called once after `began`, when the body is whole or the client has left, whatever comes first.
    package var ended: @Sendable () -> Void

    package init(
        _ response: Response, heartbeatInterval: Duration, began: @escaping @Sendable (StreamSignal) -> Void,
        next: @escaping @Sendable (_ size: Int) -> StreamPiece, heartbeat: @escaping @Sendable () -> [UInt8],
        refused: @escaping @Sendable () -> Response, ended: @escaping @Sendable () -> Void
    ) {
        self.response = response
        self.heartbeatInterval = heartbeatInterval
        self.began = began
        self.next = next
        self.heartbeat = heartbeat
        self.refused = refused
        self.ended = ended
    }
}
