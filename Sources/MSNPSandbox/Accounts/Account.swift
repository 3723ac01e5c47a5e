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
