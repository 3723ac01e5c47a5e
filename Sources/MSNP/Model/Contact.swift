package import ByteText

/// A person on any of the account's lists.
package struct Contact: Equatable, Sendable {
    /// As the server spells it.
    @Bytewise package var account: String
    @Bytewise package var displayName: String
    /// `offline` for everybody who is not on the forward list.
    package var presence: Presence = .offline
    package var lists: ListMembership = []
    /// Nil for none: few contacts have numbers, and 50 bytes less in each of those that have none is a third of a contact.
    private(set) var numbers: Numbers?

    /// Numbers on their own.
    final class Numbers: Equatable, Sendable {
        let phones: ContactPhones

        init(_ phones: ContactPhones) { self.phones = phones }

        static func == (left: Numbers, right: Numbers) -> Bool { left.phones == right.phones }
    }

    package init(account: String, displayName: String) {
        self.account = account
        self.displayName = displayName
    }

    /// With numbers as they were.
    init(account: String, displayName: String, _ numbers: Numbers?) {
        self.init(account: account, displayName: displayName)
        self.numbers = numbers
    }

    /// The contact's numbers.
    package var phones: ContactPhones {
        get { numbers?.phones ?? ContactPhones() }
        set { numbers = newValue.isEmpty ? nil : Numbers(newValue) }
    }

    /// Nothing is known of its numbers any more.
    mutating func forgetPhones() { numbers = nil }

    /// The contact once it is on no list, when nothing more is known of it.
    var removed: Contact { Contact(account: account, displayName: displayName) }

    /// Whether the contact may not see us.
    package var isBlocked: Bool { lists.contains(.block) }
    /// Whether the contact waits for an answer.
    package var isPending: Bool { lists.isPending }
}

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

/// The lists that a contact is on.
package struct ListMembership: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// `FL`: the contacts.
    package static let forward = ListMembership(rawValue: 1)
    /// `AL`: who may see us.
    package static let allow = ListMembership(rawValue: 2)
    /// `BL`: who may not.
    package static let block = ListMembership(rawValue: 4)
    /// `RL`: who has us as a contact.
    package static let reverse = ListMembership(rawValue: 8)

    package init(_ list: ListName) {
        self =
            switch list {
            case .forward: .forward
            case .allow: .allow
            case .block: .block
            case .reverse: .reverse
            }
    }

    /// The lists by name, in the order of the documents.
    package var names: [ListName] { ListName.allCases.filter { contains(ListMembership($0)) } }

    /// On the reverse list and in neither the allow nor the block list: waits for an answer (docs/protocol.md#requests).
    package var isPending: Bool { contains(.reverse) && isDisjoint(with: [.allow, .block]) }
}

extension Handle {
    /// The same account as the server spells it: some insist on their own capitals.
    ///
    /// What the server says is not checked when it comes; what could not stand on a line is not taken over.
    package func spelled(as contact: Contact?) -> Handle {
        contact.flatMap { try? Handle(validating: $0.account) } ?? self
    }
}
