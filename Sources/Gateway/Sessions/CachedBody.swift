/// Encoded bytes and what they were made from; made anew only when that changed.
struct CachedBody<Key: Equatable & Sendable>: Sendable {
    private var key: Key?
    private var bytes: [UInt8] = []

    /// The bytes, if they were made from that.
    func known(for key: Key) -> [UInt8]? { self.key == key ? bytes : nil }

    /// Keeps bytes that were made elsewhere.
    mutating func keep(_ bytes: [UInt8], for key: Key) {
        self.bytes = bytes
        self.key = key
    }

    mutating func bytes(for key: Key, _ encode: () -> [UInt8]) -> [UInt8] {
        if self.key != key {
            bytes = encode()
            self.key = key
        }
        return bytes
    }
}
