/// The four lists of an account (docs/protocol.md#four-lists).
package enum ListName: String, CaseIterable, Sendable {
    /// The contacts, whose presence the account sees.
    case forward = "FL"
    /// The people who may see the account's presence.
    case allow = "AL"
    /// The people who may not.
    case block = "BL"
    /// The people who have the account on their forward list; only servers edit it.
    case reverse = "RL"
}
