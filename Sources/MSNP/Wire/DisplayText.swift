package import ByteText

/// Text from a server or another person, made fit to show.
package enum DisplayText {
    /// The text with each control character and line or paragraph separator replaced by U+FFFD.
    ///
    /// Servers send names that decode to CR, LF and NUL (docs/protocol.md#encoding). Nothing that shows a name, logs it
    /// or puts it in a header has to know that. Replaced are C0, DEL, C1, U+2028 and U+2029; the length in scalars
    /// stays.
    package static func sanitized(_ text: String) -> String {
        guard !isFit(text) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(breaksLines(scalar) ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }

    /// Whether a text is fit to show as it is.
    package static func isFit(_ text: String) -> Bool {
        // Printable ASCII, which most texts are, is looked at as bytes.
        !ASCII.contains(text) { !(0x20...0x7E).contains($0) } || !text.unicodeScalars.contains(where: breaksLines)
    }

    private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }
}

/// A friendly name that may be sent (docs/protocol.md#limits, #names).
package struct DisplayName: Equatable, Sendable {
    @Bytewise package private(set) var text: String

    /// Accepts what has no control character and fits `WireLimits.encodedName` once encoded; throws otherwise.
    package init(validating text: String) throws(DisplayNameError) {
        guard !text.isEmpty else { throw .empty }
        // Names that are too long are refused before they are encoded: a name of 1 MiB costs nothing.
        guard text.utf8.count <= WireLimits.encodedName else { throw .tooLong }
        guard DisplayText.isFit(text) else { throw .controlCharacter }
        guard PercentEncoding.encode(text).utf8.count <= WireLimits.encodedName else { throw .tooLong }
        self.text = text
    }

    /// A handle as a name, which every handle can be: its 129 bytes are 387 at most once encoded.
    package init(_ handle: Handle) {
        text = handle.spelling
    }
}

/// Why a text is no display name.
package enum DisplayNameError: Error, Equatable, Sendable {
    case empty
    /// More than `WireLimits.encodedName` bytes in the encoded form.
    case tooLong
    case controlCharacter
}
