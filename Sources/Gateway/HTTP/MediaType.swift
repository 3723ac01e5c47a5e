import ByteText

/// What `Content-Type` says (RFC 9110, 8.3.1): a type and the character set of its text.
struct MediaType: Sendable, Equatable {
    /// Bytes of the value: `application/merge-patch+json; charset=utf-8` has 43.
    static let longest = 256

    let name: FoldedText
    /// Nil where nothing is said of it.
    private(set) var charset: FoldedText?

    /// Nil for what is longer than `longest`.
    init?(parsing header: String) {
        guard header.utf8.count <= Self.longest else { return nil }
        let parts = FieldText.parts(header, at: ";")
        name = FoldedText(parts.first ?? "")
        for part in parts.dropFirst() {
            let (parameter, value) = FieldText.pair(part)
            guard charset == nil, let value, ASCII.equalsFolded(parameter, "charset") else { continue }
            charset = FoldedText(FieldText.unquoted(value))
        }
    }
}
