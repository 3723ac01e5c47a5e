/// Why the static pages can't be served.
package enum StaticFilesError: Error, Equatable, Sendable {
    case unreadable(String)
    /// More than `StaticFiles.mostBytes`.
    case tooLarge(String)
}
