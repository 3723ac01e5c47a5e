package import ByteText

/// A person on any of the account's lists.
package struct Contact: Equatable, Sendable {
    /// As the server spells it.
    @Bytewise package var account: String
    @Bytewise package var displayName: String
    /// `offline` for everybody who is not on the forward list.
    package var presence: Presence = .offline
    package var lists: ListMembership = []
    package var phones = ContactPhones()

    package init(account: String, displayName: String) {
        self.account = account
        self.displayName = displayName
    }

    /// The contact once it is on no list, when nothing more is known of it.
    var removed: Contact { Contact(account: account, displayName: displayName) }

    /// Whether the contact may not see us.
    package var isBlocked: Bool { lists.contains(.block) }
    /// Whether the contact waits for an answer.
    package var isPending: Bool { lists.isPending }
}
