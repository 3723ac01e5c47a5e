import ByteText

/// A piece that a `MarkupReader` reads, names in lower case.
enum MarkupToken: Equatable {
    case start(name: FoldedText, attributes: [FoldedText: String])
    /// Comes for an empty element too, after its start.
    case end(name: FoldedText)
    /// References resolved; white space as it is.
    case text(String)
}
