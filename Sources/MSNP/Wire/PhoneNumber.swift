/// A phone number that may be sent (docs/protocol.md#phones): free text, as people write theirs.
package struct PhoneNumber: Equatable, Sendable {
    package let text: String

    /// Accepts what has no control character and fits `WireLimits.encodedPhone` once encoded; throws otherwise.
    ///
    /// Servers close on a longer one.
    package init(validating text: String) throws(PhoneNumberError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= WireLimits.encodedPhone else { throw .tooLong }
        guard DisplayText.isFit(text) else { throw .controlCharacter }
        guard PercentEncoding.encode(text).utf8.count <= WireLimits.encodedPhone else { throw .tooLong }
        self.text = text
    }
}

/// Why a text is no phone number.
package enum PhoneNumberError: Error, Equatable, Sendable {
    case empty
    /// More than `WireLimits.encodedPhone` bytes in the encoded form.
    case tooLong
    case controlCharacter
}

/// A phone property of an account or a contact (docs/protocol.md#phones).
///
///     S: PRP 8 9 PHH 1%20(555)%20010%200100
///     S: BPR 9 bob@example.com MOB Y
package enum PhoneProperty: String, CaseIterable, Sendable {
    case home = "PHH"
    case work = "PHW"
    case mobile = "PHM"
    /// `Y` or `N`: takes pages.
    case mobileMessaging = "MOB"
    /// `Y` or `N`: the account has a mobile device registered.
    case mobileEnabled = "MBE"
}
