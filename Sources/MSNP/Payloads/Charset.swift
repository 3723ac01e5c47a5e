/// The character sets of messages and mail headers.
///
/// Their names mean what `CharsetLabels` says.
enum Charset: Equatable, Sendable {
    case utf8
    case windows1252
    /// A set that the C library converts, by its name there.
    case converted(String)
    /// No set is named: UTF-8 where the bytes are valid as such, as newer clients write it, else Windows-1252
    /// (docs/protocol.md#charsets).
    case unnamed
    /// A set is named that is not known here: ASCII is kept, and the rest is marked.
    case unknown

    /// Looks a name up, without case and quotes; a name that is too long is not known.
    init(named name: some StringProtocol) {
        guard name.utf8.count <= WireLimits.charsetName else {
            self = .unknown
            return
        }
        let bare = name.utf8.filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
        self = CharsetLabels.find(String(decoding: bare, as: UTF8.self)) ?? .unknown
    }

    /// The text; bytes without a character in the set become U+FFFD.
    func decode(_ bytes: some Collection<UInt8>) -> String {
        switch self {
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .windows1252: Self.decodeWindows1252(bytes)
        case .converted(let name): CharsetConverter(from: name)?.decode(Array(bytes)) ?? Self.markUnknown(bytes)
        case .unnamed: String(validating: bytes, as: UTF8.self) ?? Self.decodeWindows1252(bytes)
        case .unknown: Self.markUnknown(bytes)
        }
    }

    /// Whether the bytes are valid in the set.
    var isKnown: Bool {
        switch self {
        case .utf8, .windows1252, .unnamed: true
        case .converted(let name): CharsetConverter(from: name) != nil
        case .unknown: false
        }
    }

    /// Each byte beyond ASCII becomes one U+FFFD: nobody knows where characters begin.
    private static func markUnknown(_ bytes: some Collection<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(byte < 0x80 ? Unicode.Scalar(byte) : "\u{FFFD}") }
        return String(scalars)
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
