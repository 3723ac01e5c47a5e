/// The four lists of an account (protocol.md 4.1).
package enum ListName: String, CaseIterable, Sendable {
    /// Whose presence I want: my contacts.
    case forward = "FL"
    /// Who may see my presence.
    case allow = "AL"
    /// Who may not.
    case block = "BL"
    /// Who has me on the forward list; only servers edit it.
    case reverse = "RL"
}
