import Digests
import Encodings
import HTTPFront

/// `X-Request-Id`: the caller's own if it is fit to be logged, else one of ours.
enum RequestID {
    /// Characters in an ID that is taken over.
    static let longest = 128

    static func of(_ head: RequestHead?) -> String {
        if let sent = head?.headers.first(of: "X-Request-Id"), isFit(sent) { return sent }
        return Base64.encode(SecureRandom.bytes(count: 12), .forURLs)
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
