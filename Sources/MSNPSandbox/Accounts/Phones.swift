import ByteText
package import MSNP

/// The phone properties of one account (docs/protocol.md#phones).
package struct Phones: Equatable, Sendable {
    private var values: [PhoneProperty: String] = [.mobileMessaging: "N", .mobileEnabled: "N"]

    /// The value of a property; nil where it has none.
    package subscript(property: PhoneProperty) -> String? {
        get { values[property] }
        set { values[property] = newValue }
    }

    /// Whether a property that is `Y` or `N` is `Y`.
    func takes(_ property: PhoneProperty) -> Bool { values[property].map { ASCII.equals($0, "Y") } ?? false }

    /// What contacts see, in the order of a synchronisation; `MBE` is the owner's alone (docs/protocol.md#phones).
    static let shown: [PhoneProperty] = [.home, .work, .mobile, .mobileMessaging]

    /// What somebody sees who is blocked: no number, and no pages taken.
    static let hidden = Phones()
}
