import CLinux
import Glibc
import Loops

/// A connection that was answered before its request had come in, until the client has read the answer.
///
/// Closing a socket with unread bytes makes the kernel send a reset, which can take the answer away from the client. So
/// what still comes is read and dropped, until the client closes or the limits are reached (RFC 9112, 9.6).
final class LingeringSocket {
    /// What a client has to notice the answer: a round trip or two, with one lost packet.
    static let timeout = Duration.seconds(2)
    /// Sockets at a time, for each loop; beyond it connections close at once.
    static let maximum = 256
    /// Of these, how many may be connections that were refused: they come above all limits, and are the first that go
    /// without.
    static let maximumRefused = 32
    /// Bytes that are dropped before the client is cut off: what may be under way on a fast line.
    private static let maximumBytes = 16 * 1024 * 1024
    private static let chunk = 64 * 1024
    /// Chunks that are read in a row: what comes as fast as it is read is not to keep the loop from others.
    private static let chunksAtATime = 4

    private let descriptor: Descriptor
    private var bytes = 0

    /// Takes over a socket on which the answer has been sent.
    init(owning socket: Int32) {
        descriptor = Descriptor(owning: socket)
        // This tells the client that it is all.
        shutdown(socket, Int32(SHUT_WR))
    }

    /// A second descriptor of a socket that somebody else is about to close; nil when there is none to be had.
    convenience init?(duplicating socket: Int32) {
        let number = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { return nil }
        self.init(owning: number)
    }

    var number: Int32 { descriptor.number }

    /// Reads what there is, or a good part of it; false when the end is reached.
    func drain() -> Bool {
        for _ in 0..<Self.chunksAtATime {
            // Reads no more than there is room for, and nobody looks at it.
            let count = unsafe withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 1) { buffer in
                unsafe recv(descriptor.number, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == 0 { return false }
            bytes += count
            if bytes >= Self.maximumBytes { return false }
        }
        return true
    }
}
