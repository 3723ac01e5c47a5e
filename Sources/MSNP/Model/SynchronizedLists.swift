/// What one `SYN` brought: all lists and settings of the account (docs/protocol.md#synchronization).
package struct SynchronizedLists: Equatable, Sendable {
    /// The version of the lists that the server said.
    package var version: UInt32
    /// The end did not come: people who are missing here may still be on the lists.
    package var isPartial = false
    /// Who is on each list, in the server's order.
    package var members: [ListName: [ListMember]] = [:]
    /// What applies to people on no list; nil where the server has not said.
    package var privacy: PrivacyMode?
    /// Whether to ask about people who add us; nil where the server has not said.
    package var addPrompt: AddPrompt?
    package var phones = ContactPhones()
    /// The contacts' numbers, by their accounts.
    package var contactPhones: [HandleKey: ContactPhones] = [:]

    package init(version: UInt32) {
        self.version = version
    }
}
