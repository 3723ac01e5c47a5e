/// Why a text is no display name.
package enum DisplayNameError: Error, Equatable, Sendable {
    case empty
    /// More than `WireLimits.encodedName` bytes in the encoded form.
    case tooLong
    case controlCharacter
}
