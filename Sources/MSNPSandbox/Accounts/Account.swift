import ByteText
package import MSNP

/// Everything that the server keeps about one account.
package struct Account: Sendable {
    /// The canonical spelling, which `USR OK` answers.
    package let handle: String
    package let standing: Standing
    let password: String
    let memberID: MemberID
    /// The name that others see.
    package internal(set) var name: String
    /// Counts the accepted changes of this account (docs/protocol.md#list-version).
    package internal(set) var version: UInt32 = 1
    package internal(set) var addPrompt = AddPrompt.ask
    package internal(set) var privacy = PrivacyMode.allow
    package internal(set) var phones = Phones()
    package internal(set) var lists = Lists()
    /// Unread mails in the inbox.
    package internal(set) var unread: UInt32 = 0
    /// When the owner last changed the name, oldest first, no more than the limit looks at.
    var renames: [Duration] = []
    /// Whether calls ring here: `IMS ON`, as at the beginning of each session.
    var takesCalls = true
    /// Cookies for rooms of one's own that wait to be used.
    var openCookies = 0
    /// Where the account is signed in.
    package internal(set) var connection: ConnectionID?
    /// What the owner set with `CHG`; nil before the first one and while signed out.
    package internal(set) var presence: Presence?

    /// What somebody who isn't blocked sees; nil for offline.
    package var visiblePresence: Presence? {
        presence == .appearOffline ? nil : presence
    }

    /// Presence reaches a session from its first `CHG` on, hidden or not (docs/protocol.md#own-status).
    var receivesPresence: Bool { connection != nil && presence != nil }

    /// Whether `other` may neither see nor call this account (docs/protocol.md#privacy).
    package func blocks(_ other: AccountID) -> Bool {
        if lists[.block].contains(other) { return true }
        return lists[.allow].contains(other) ? false : privacy == .block
    }
}

/// An account's place in the sandbox, which never changes.
package struct AccountID: Hashable, Sendable {
    let index: Int
}

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
