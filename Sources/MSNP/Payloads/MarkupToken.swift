/// What a `MarkupReader` comes upon, names in lower case.
enum MarkupToken: Equatable {
    case start(name: String, attributes: [String: String])
    /// Comes for an empty element too, after its start.
    case end(name: String)
    /// References resolved; white space as it is.
    case text(String)
}
