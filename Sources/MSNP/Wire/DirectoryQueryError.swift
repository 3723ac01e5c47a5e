/// Why a directory search can't be asked for.
package enum DirectoryQueryError: Error, Equatable, Sendable {
    case empty
    /// More than `DirectoryQuery.longestField` bytes.
    case tooLong
    case controlCharacter
    /// `*` as a name.
    case anyName
    /// Not two letters.
    case invalidCountry
    /// A city or a state outside the United States.
    case placeOutsideUS
}
