/// Why a text is no phone number.
package enum PhoneNumberError: Error, Equatable, Sendable {
    case empty
    /// More than `WireLimits.encodedPhone` bytes in the encoded form.
    case tooLong
    case controlCharacter
}
