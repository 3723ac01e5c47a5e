import CMicroHTTPD
import Loops

/// An answer in pieces, as its loop knows it; confined to the loop's thread.
final class OutgoingStream {
    let id: UInt64
    let streaming: Streaming
    let signal: StreamSignal
    /// Used to suspend and resume, which ends with the request (`Loop.completed`); the library keeps it for longer.
    let connection: Connection
    /// Owns the daemons, and so lives longer.
    unowned let loop: Loop
    var isSuspended = false
    /// The client has left: the library has yet to be told.
    var isAbandoned = false
    /// When it had something to send last.
    var lastPiece: MonotonicInstant

    /// The piece that is being sent, and how much of it the library has.
    private var piece: [UInt8] = []
    private var sent = 0
    private var hasEnded = false

    init(
        _ id: UInt64, _ streaming: Streaming, _ signal: StreamSignal, on connection: Connection, of loop: Loop
    ) {
        self.id = id
        self.streaming = streaming
        self.signal = signal
        self.connection = connection
        self.loop = loop
        lastPiece = loop.now
    }

    var hasPiece: Bool { sent < piece.count }

    func take(_ next: [UInt8], at now: MonotonicInstant) {
        piece = next
        sent = 0
        lastPiece = now
    }

    /// Copies what there is room for.
    func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, piece.count - sent)
        // Both ends are within their arrays: the count is that of the smaller.
        unsafe room.copyBytes(from: piece[sent..<sent + count])
        sent += count
        if !hasPiece {
            // Not kept until the next one: most streams are silent most of the time.
            piece = []
            sent = 0
        }
        return count
    }

    /// Tells the owner that it is over, once.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        streaming.ended()
    }
}
