package import ByteText

/// The phone numbers of an account or a contact (docs/protocol.md#phones).
package struct ContactPhones: Equatable, Sendable {
    /// The number at home (`PHH`); nil where none is known.
    @Bytewise package var home: String? = nil
    /// The number at work (`PHW`); nil where none is known.
    @Bytewise package var work: String? = nil
    /// The mobile number (`PHM`); nil where none is known.
    @Bytewise package var mobile: String? = nil
    /// Takes pages; nil when the server never said.
    package var mobileMessaging: Bool?
    /// Has a mobile device registered; said of one's own account only.
    package var mobileEnabled: Bool?

    package init() {}

    /// Whether nothing at all is known.
    package var isEmpty: Bool { self == ContactPhones() }

    /// Takes over one property; a nil value clears it.
    package mutating func set(_ property: PhoneProperty, to value: String?) {
        let text = value.map(DisplayText.sanitized)
        switch property {
        case .home: home = text
        case .work: work = text
        case .mobile: mobile = text
        case .mobileMessaging: mobileMessaging = value.map { ASCII.equals($0, "Y") }
        case .mobileEnabled: mobileEnabled = value.map { ASCII.equals($0, "Y") }
        }
    }
}
