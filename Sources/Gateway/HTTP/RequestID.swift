import Digests
import Encodings
import HTTPFront
import Locking

/// `X-Request-Id`: the caller's own if it is fit to be logged, else one of ours.
enum RequestID {
    /// Characters in an ID that is taken over.
    static let longest = 128
    /// Random bytes in one of ours.
    private static let size = 12
    /// IDs for which random bytes are made at a time: alone, those of one take longer than all else about it.
    private static let batch = 256

    private struct Supply {
        private var bytes: [UInt8] = []
        private var used = 0

        mutating func next() -> ArraySlice<UInt8> {
            if used == bytes.count {
                bytes = SecureRandom.bytes(count: RequestID.size * RequestID.batch)
                used = 0
            }
            used += RequestID.size
            return bytes[used - RequestID.size..<used]
        }
    }

    private static let supply = Locked(Supply())

    static func of(_ head: RequestHead?) -> String {
        if let sent = head?.headers.first(of: "X-Request-Id"), isFit(sent) { return sent }
        return supply.withLock { Base64.encode($0.next(), .forURLs) }
    }

    private static func isFit(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
