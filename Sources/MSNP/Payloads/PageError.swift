/// Why a page can't be sent.
package enum PageError: Error, Equatable, Sendable {
    case empty
    /// More than `Page.longestText` characters.
    case tooLong
    case controlCharacter
}
