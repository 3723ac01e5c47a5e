/// The body of a request while it comes in.
struct RequestBody {
    /// How much of a chunked body that is too large is read and dropped before the connection is closed.
    ///
    /// The library can't answer during an upload, so that the client learns of its mistake only when it comes to an end
    /// within this; four times the largest body that any route takes.
    static let discardLimit = 4 * 1024 * 1024

    /// Room made in advance on the strength of a `Content-Length`, which anybody can write.
    private static let initialCapacity = 64 * 1024

    enum Result {
        case complete([UInt8])
        case tooLarge
    }

    let tooLarge: @Sendable () -> Response
    let then: @Sendable ([UInt8]) -> Answer
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
        bytes.reserveCapacity(min(expected ?? 0, Self.initialCapacity))
    }

    /// Adds bytes; false when there are too many to go on reading.
    mutating func append(_ more: UnsafeRawBufferPointer) -> Bool {
        if discarded == 0, more.count <= limit - bytes.count {
            unsafe bytes.append(contentsOf: more)
            return true
        }
        discarded += bytes.count + more.count
        bytes = []
        return discarded <= limit + Self.discardLimit
    }

    func finish() -> Result { discarded > 0 ? .tooLarge : .complete(bytes) }
}
