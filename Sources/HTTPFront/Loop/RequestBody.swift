import Glibc

/// The body of a request while it comes in.
struct RequestBody {
    /// How much of a chunked body that is too large is read and dropped before the connection is closed.
    ///
    /// The library can't answer during an upload, so that the client learns of its mistake only when it comes to an end
    /// within this; four times the largest body that any route takes.
    static let discardLimit = 4 * 1024 * 1024

    /// Room made in advance on the strength of a `Content-Length`, which anybody can write.
    private static let initialCapacity = 64 * 1024

    /// Bytes of the largest body that is overwritten when it was dealt with: those that may hold a password are small.
    private static let overwritten = 8 * 1024

    private let tooLarge: @Sendable () -> Response
    private let then: @Sendable ([UInt8]) -> Answer
    private let limit: Int
    private var bytes: [UInt8] = []
    private var discarded = 0

    init(
        limit: Int, expected: Int?, tooLarge: @escaping @Sendable () -> Response,
        then: @escaping @Sendable ([UInt8]) -> Answer
    ) {
        self.limit = limit
        self.tooLarge = tooLarge
        self.then = then
        // One that grows would leave copies behind.
        let room = expected ?? (limit <= Self.overwritten ? limit : 0)
        bytes.reserveCapacity(min(room, Self.initialCapacity))
    }

    /// Adds bytes; false when there are too many to go on reading.
    mutating func append(_ more: UnsafeRawBufferPointer) -> Bool {
        if discarded == 0, more.count <= limit - bytes.count {
            unsafe bytes.append(contentsOf: more)
            return true
        }
        discarded += bytes.count + more.count
        overwrite()
        bytes = []
        return discarded <= limit + Self.discardLimit
    }

    /// Whether more came than the limit says.
    var isTooLarge: Bool { discarded > 0 }

    /// What is answered, by whoever waits for the body, or because there was too much of it.
    mutating func finish() -> Answer {
        if isTooLarge { return .now(tooLarge()) }
        let answer = then(bytes)
        overwrite()
        return answer
    }

    /// Nobody needs the bytes any more; whoever has taken them for later has them, and these are a copy.
    mutating func overwrite() {
        guard limit <= Self.overwritten else { return }
        unsafe bytes.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
        }
    }
}
