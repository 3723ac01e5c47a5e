/// Why the kept API keys can't be read.
package struct APIKeySourceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// In one line, with the path and without anything secret.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
