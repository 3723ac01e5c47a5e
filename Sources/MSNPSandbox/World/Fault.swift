/// Something that goes wrong on order, so that clients can be shown how they take it.
package enum Fault: String, CaseIterable, Sendable {
    /// `OUT OTH`: as if the account had signed in elsewhere.
    case kick
    /// `OUT SSD`: as if the server went down for maintenance.
    ///
    /// With a count it is announced by a system message, and comes after so many minutes.
    case shutdown
    /// All connections of the account are closed without a word, those to switchboards included.
    case drop
    /// All connections of the account stay open, and commands on them are swallowed.
    ///
    /// With a count, that many commands on each get no answer and everything else goes on. Without one they fall silent
    /// altogether, until they are dropped or an idle room ends.
    case stall
    /// `CHL`, now; nothing below MSNP6, which has no challenges.
    case challenge
    /// The next answers to a challenge are refused with 540, whatever they say.
    case wrongChallenge
    /// The next sign-ins are refused with 600.
    case busy
    /// The next messages in conversations are not delivered: `NAK`.
    case nak
    /// New mail in the inbox, told at once to who is signed in and with the counts at the next sign-in.
    case mail
    /// `IPG`: a message from somebody's mobile device; nothing below MSNP6.
    case page
    /// `NOT`; nothing below MSNP5.
    case alert
    /// `XFR 0 NS`: the client is to sign in anew, at the same notification server.
    case refer
    /// Lines that no document allows and that a tolerant client survives (docs/protocol.md#lines, #servers-differ).
    case malformed
}

/// A fault that waits for its occasion, for one account or for anybody.
struct ArmedFault: Sendable {
    private var anybody = 0
    private var accounts: [AccountID: Int] = [:]

    /// Replaces what was ordered before for the same account, or for anybody.
    mutating func arm(_ account: AccountID?, count: Int) {
        if let account {
            accounts[account] = count
        } else {
            anybody = count
        }
    }

    /// Whether the fault strikes now; `account` is nil for an account that isn't there.
    mutating func strikes(_ account: AccountID?) -> Bool {
        if let account, let left = accounts[account] {
            accounts[account] = left > 1 ? left - 1 : nil
            return true
        }
        guard anybody > 0 else { return false }
        anybody -= 1
        return true
    }
}
