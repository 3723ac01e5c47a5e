/// Base 64 with the alphabet for URLs and file names (RFC 4648, 5), without padding: how tokens are written.
package enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Four digits for each three bytes; two or three for the one or two bytes that are left.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.underestimatedCount * 4 + 2) / 3)
        // The bits not written yet, at most 5 + 8 of them, in the low end.
        var pending: UInt16 = 0
        var pendingBits = 0
        for byte in bytes {
            pending = pending << 8 | UInt16(byte)
            pendingBits += 8
            while pendingBits >= 6 {
                pendingBits -= 6
                text.append(digits[Int(pending >> pendingBits & 0x3F)])
            }
        }
        if pendingBits > 0 {
            text.append(digits[Int(pending << (6 - pendingBits) & 0x3F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
