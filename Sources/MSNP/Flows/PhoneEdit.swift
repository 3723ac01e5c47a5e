/// A change of one of the account's own phone properties (docs/protocol.md#phones); nil clears a number.
package enum PhoneEdit: Equatable, Sendable {
    case home(PhoneNumber?)
    case work(PhoneNumber?)
    case mobile(PhoneNumber?)
    /// Whether contacts may page the mobile device; it can't be cleared.
    case mobileMessaging(Bool)

    /// What `PRP` calls it.
    package var property: PhoneProperty {
        switch self {
        case .home: .home
        case .work: .work
        case .mobile: .mobile
        case .mobileMessaging: .mobileMessaging
        }
    }

    /// What `PRP` says; nil to clear.
    package var value: String? {
        switch self {
        case .home(let number), .work(let number), .mobile(let number): number?.text
        case .mobileMessaging(let takesPages): takesPages ? "Y" : "N"
        }
    }
}
