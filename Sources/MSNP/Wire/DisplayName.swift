package import ByteText

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
