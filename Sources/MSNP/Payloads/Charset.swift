import ByteText

/// The character sets of messages and mail headers.
///
/// ISO 8859-1 is read as Windows-1252, of which it is a part: what Windows clients call by its name is the latter, and
/// the bytes that differ are control characters in the former.
enum Charset: Equatable, Sendable {
    case utf8
    case windows1252
    /// Not named, or not known here: UTF-8 where the bytes are valid as such, else Windows-1252.
    case unknown

    /// Looks a name up, without case and quotes; one that is too long to be any is not known.
    init(named name: some StringProtocol) {
        guard name.utf8.count <= WireLimits.charsetName else {
            self = .unknown
            return
        }
        let bare = name.utf8.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
        switch FoldedText(String(decoding: bare, as: UTF8.self)) {
        case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
        case "iso-8859-1", "iso_8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252", "x-ansi":
            self = .windows1252
        default: self = .unknown
        }
    }

    /// The text; what the set has no character for becomes U+FFFD.
    func decode(_ bytes: some Collection<UInt8>) -> String {
        switch self {
        case .utf8:
            // What calls itself ASCII and has eighth bits is something else.
            String(decoding: bytes, as: UTF8.self)
        case .windows1252: Self.decodeWindows1252(bytes)
        case .unknown: String(validating: bytes, as: UTF8.self) ?? Self.decodeWindows1252(bytes)
        }
    }

    private static func decodeWindows1252(_ bytes: some Collection<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            let isSpecial = (0x80...0x9F).contains(byte)
            scalars.append(isSpecial ? special[Int(byte - 0x80)] : Unicode.Scalar(byte))
        }
        return String(scalars)
    }

    /// 0x80 … 0x9F; five of them stand for nothing.
    private static let special: [Unicode.Scalar] = [
        "\u{20AC}", "\u{FFFD}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{FFFD}", "\u{017D}", "\u{FFFD}",
        "\u{FFFD}", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}",
        "\u{02DC}", "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", "\u{FFFD}", "\u{017E}", "\u{0178}",
    ]
}
