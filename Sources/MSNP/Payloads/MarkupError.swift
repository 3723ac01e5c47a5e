/// Why a document can't be read.
enum MarkupError: Error, Equatable {
    /// Tags that do not match, or are cut off.
    case malformed
    /// A document type, which could define entities.
    case documentType
    case tooDeep
    case tooManyAttributes
}
