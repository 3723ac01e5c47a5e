import Encodings

/// The percent-encoding of command parameters (docs/protocol.md#encoding).
///
///     Zoë ☕ 100%  →  Zo%C3%AB%20%E2%98%95%20100%25
///
/// `+` stands for itself: this is no form encoding.
package enum PercentEncoding {
    /// Escapes `%`, space, control characters and everything beyond ASCII.
    ///
    /// Some servers split lines at any Unicode white space, so nothing beyond ASCII goes out raw.
    package static func encode(_ text: String) -> String {
        PercentEscapes.encode(text) { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "%") }
    }

    /// Decodes once; a `%` without two hexadecimal digits stays, and invalid UTF-8 becomes U+FFFD.
    package static func decode(_ text: String) -> String {
        PercentEscapes.decodeLeniently(text)
    }
}
