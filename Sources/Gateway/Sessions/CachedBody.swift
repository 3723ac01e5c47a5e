/// Encoded bytes and what they were made from; made anew only when that changed.
struct CachedBody<Key: Equatable & Sendable>: Sendable {
    private var key: Key?
    private var bytes: [UInt8] = []

    mutating func bytes(for key: Key, _ encode: () -> [UInt8]) -> [UInt8] {
        if self.key != key {
            bytes = encode()
            self.key = key
        }
        return bytes
    }
}
