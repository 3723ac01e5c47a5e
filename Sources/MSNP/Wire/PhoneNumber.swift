/// A phone number that may be sent (docs/protocol.md#phones): free text, as people write theirs.
package struct PhoneNumber: Equatable, Sendable {
    package let text: String

    /// Accepts what has no control character and fits `WireLimits.encodedPhone` once encoded; throws otherwise.
    ///
    /// Servers close on a longer one.
    package init(validating text: String) throws(PhoneNumberError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= WireLimits.encodedPhone else { throw .tooLong }
        guard DisplayText.isFit(text) else { throw .controlCharacter }
        guard PercentEncoding.encode(text).utf8.count <= WireLimits.encodedPhone else { throw .tooLong }
        self.text = text
    }
}
