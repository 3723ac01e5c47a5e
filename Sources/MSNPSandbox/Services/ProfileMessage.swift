import MSNP

/// The profile that follows `USR OK` (docs/protocol.md#profile): all in the headers, with an empty body.
struct ProfileMessage: Sendable {
    let loginTime: Int64
    let account: Account
    /// `MSPAuth`.
    let ticket: Redacted<String>

    func payload(_ dialect: Dialect) -> [UInt8] {
        var lines = [
            "MIME-Version: 1.0", "Content-Type: text/x-msmsgsprofile; charset=UTF-8", "LoginTime: \(loginTime)",
        ]
        // MSNP2 has this one field.
        if dialect >= .msnp3 {
            lines += [
                "EmailEnabled: 1",
                "MemberIdHigh: \(account.memberID.high)",
                "MemberIdLow: \(account.memberID.low)",
                "lang_preference: \(Language.english.decimal)",
                "PreferredEmail: \(account.handle)",
                "country: US",
                "PostalCode: ",
                "Gender: ",
                "Kid: 0",
                "Age: ",
                "BDayPre: ",
                "Birthday: ",
                "Wallet: ",
                "Flags: 1027",
                "sid: 507",
                "kv: 11",
                "MSPAuth: \(ticket.value)",
            ]
        }
        return Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
    }
}

extension ListMember {
    /// Who the server's own messages come from (docs/protocol.md#server-messages).
    static let hotmail = ListMember(handle: "Hotmail", name: "Hotmail")
}
