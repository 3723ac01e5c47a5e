/// A phone property of an account or a contact (docs/protocol.md#phones).
///
///     S: PRP 8 9 PHH 1%20(555)%20010%200100
///     S: BPR 9 bob@example.com MOB Y
package enum PhoneProperty: String, CaseIterable, Sendable {
    case home = "PHH"
    case work = "PHW"
    case mobile = "PHM"
    /// `Y` or `N`: takes pages.
    case mobileMessaging = "MOB"
    /// `Y` or `N`: the account has a mobile device registered.
    case mobileEnabled = "MBE"
}
