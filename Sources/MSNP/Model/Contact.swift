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
    private var numbers: Numbers?

    /// Numbers on their own.
    private final class Numbers: Equatable, Sendable {
        let phones: ContactPhones

        init(_ phones: ContactPhones) { self.phones = phones }

        static func == (left: Numbers, right: Numbers) -> Bool { left.phones == right.phones }
    }

    package init(account: String, displayName: String) {
        self.account = account
        self.displayName = displayName
    }

    /// The contact's numbers.
    package var phones: ContactPhones {
        get { numbers?.phones ?? ContactPhones() }
        set { numbers = newValue.isEmpty ? nil : Numbers(newValue) }
    }

    /// The contact once it is on no list, when nothing more is known of it.
    var removed: Contact { Contact(account: account, displayName: displayName) }

    /// Whether the contact may not see us.
    package var isBlocked: Bool { lists.contains(.block) }
    /// Whether the contact waits for an answer.
    package var isPending: Bool { lists.isPending }
}
