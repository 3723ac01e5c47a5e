/// How an account shows itself to its contacts (docs/protocol.md#statuses).
///
///     S: NLN BSY bob@example.com Bob
package enum Presence: String, CaseIterable, Sendable {
    case online = "NLN"
    case busy = "BSY"
    case idle = "IDL"
    case beRightBack = "BRB"
    case away = "AWY"
    case onThePhone = "PHN"
    case outToLunch = "LUN"
    /// Others see `offline`; we still see them.
    case appearOffline = "HDN"
    case offline = "FLN"
}
