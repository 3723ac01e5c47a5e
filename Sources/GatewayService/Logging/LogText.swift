import Encodings

/// What may stand in a line of the log as it is, and what has to be escaped.
///
/// Log text comes from the network in part: without this, a display name could end a line and forge the next one, or
/// steer the terminal that shows it.
enum LogText {
    /// Whether a scalar ends or steers a line: control characters, the separators, and what changes the direction of
    /// the text around it (Unicode's `Cc`, `Zl`, `Zp` and `Bidi_Control`).
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x2029: true
        case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The text with unsafe scalars written as JSON writes them: `\n`, `\t`, `\u001b`.
    ///
    /// A backslash stays as it is, for the reader's sake; `quoted` makes it unambiguous.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// The text between quotation marks, as a JSON string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            append(scalar, to: &result)
        }
        return result + "\""
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where isUnsafe(scalar):
            // All of them lie below U+10000, so that four digits are enough.
            result += "\\u" + Hexadecimal.padded(scalar.value, to: 4)
        default: result.unicodeScalars.append(scalar)
        }
    }
}
