/// Lower-case hexadecimal, the form in which MSNP compares digests (protocol.md 2.5).
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The two digits of each byte, first byte first.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
