import ByteText

/// A path taken apart: split first, then percent-decoded once, so that an escaped slash is not a separator.
enum PathSegments {
    /// Nil for a path that can't name anything here: escapes that are none, invalid UTF-8.
    static func split(_ path: String) -> [ByteText]? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var segments: [ByteText] = []
        for raw in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = StrictPercentDecoding.decode(raw) else { return nil }
            segments.append(ByteText(decoded))
        }
        return segments
    }

    /// A text as one segment: what RFC 3986, 3.3 lets stand there stays, everything else is escaped.
    static func encode(_ text: String) -> String {
        var segment = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                segment.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where plain.contains(byte): segment.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                segment += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return segment
    }

    private static let plain = Set("-._~!$&'()*+,;=:@".utf8)
}
