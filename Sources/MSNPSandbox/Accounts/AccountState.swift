package import MSNP

/// What the server keeps for one account at one moment: the truth that a client's view is held against.
package struct AccountState: Equatable, Sendable {
    /// Handles by list.
    package let lists: [ListName: Set<String>]
    package let privacy: PrivacyMode
    package let addPrompt: AddPrompt
    package let phones: Phones
    /// What the account sees of those on its forward list, by handle; absent for offline.
    package let presences: [String: Presence]

    init(_ account: AccountID, in world: World) {
        let owner = world[account]
        var lists: [ListName: Set<String>] = [:]
        for list in ListName.allCases { lists[list] = Set(owner.lists[list].all.map { world[$0].handle }) }
        self.lists = lists
        privacy = owner.privacy
        addPrompt = owner.addPrompt
        phones = owner.phones
        var presences: [String: Presence] = [:]
        for contact in owner.lists[.forward].all where contact != account {
            presences[world[contact].handle] = world.presence(of: contact, seenBy: account)
        }
        self.presences = presences
    }
}
