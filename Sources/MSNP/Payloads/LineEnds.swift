/// Line ends in texts of several lines: LF inside, CRLF on the wire (docs/protocol.md#text).
enum LineEnds {
    /// The text with each CRLF and each CR that stands alone as LF.
    static func normalized(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var followsReturn = false
        for byte in text.utf8 {
            if byte == 0x0D {
                bytes.append(0x0A)
            } else if byte != 0x0A || !followsReturn {
                bytes.append(byte)
            }
            followsReturn = byte == 0x0D
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes of a text with LF line ends as they go out.
    static func wire(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte == 0x0A { bytes.append(0x0D) }
            bytes.append(byte)
        }
        return bytes
    }

    /// Whether the scalar is a control character other than line feed and tab.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0...0x1F, 0x7F...0x9F: true
        default: false
        }
    }

    /// A received text made fit to show: LF line ends, control characters replaced by U+FFFD.
    static func sanitized(_ text: String) -> String {
        let lines = normalized(text)
        guard lines.unicodeScalars.contains(where: isControl) else { return lines }
        var scalars = String.UnicodeScalarView()
        for scalar in lines.unicodeScalars { scalars.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }
}
