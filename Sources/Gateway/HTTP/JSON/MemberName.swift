import ByteText

/// The name of a member of a JSON object, equal only to the same bytes (RFC 8259, 8.3).
struct MemberName: BytewiseText, ExpressibleByStringLiteral {
    /// Bytes of UTF-8: the API's own have at most 15, and whatever is this long was never meant for it.
    static let longest = 256

    let text: String

    /// The name that the bytes are; nil when it is longer than `longest`.
    init?(decoding bytes: [UInt8]) {
        guard bytes.count <= Self.longest else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    init(stringLiteral value: String) { text = value }
}
