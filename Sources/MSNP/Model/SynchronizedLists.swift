/// What one `SYN` brought: all lists and settings of the account (docs/protocol.md#synchronization).
package struct SynchronizedLists: Equatable, Sendable {
    package var version: UInt32
    /// The end did not come: people who are missing here may still be on the lists.
    package var isPartial = false
    package var members: [ListName: [ListMember]] = [:]
    package var privacy: PrivacyMode?
    package var addPrompt: AddPrompt?
    package var phones = ContactPhones()
    package var contactPhones: [HandleKey: ContactPhones] = [:]

    package init(version: UInt32) {
        self.version = version
    }
}
