/// A web service that `URL` asks for (docs/protocol.md#service-names), under MSNP's name in lower case.
///
///     C: URL 24 PROFILE 0x0409
package enum Service: String, CaseIterable, Sendable {
    /// The mailbox.
    case inbox
    /// The mailbox's folders.
    case folders
    /// A new mail.
    case compose
    /// Details of the account.
    case person
    /// Setting up a mobile device.
    case mobile
    /// Settings of the mobile device.
    case chgmob
    /// Editing one's public profile.
    case profile
    /// The Net2Phone account.
    case n2paccount
    /// Paying for Net2Phone.
    case n2pfund

    /// The name as `URL` spells it: `PROFILE`.
    package var wireName: String { rawValue.uppercased() }

    /// The oldest dialect that has the service.
    package var since: Dialect {
        switch self {
        case .inbox, .folders, .compose, .person: .msnp2
        case .mobile, .chgmob: .msnp5
        case .profile, .n2paccount, .n2pfund: .msnp6
        }
    }

    /// What follows the name.
    package var parameter: ServiceParameter {
        switch self {
        case .inbox, .folders, .mobile, .chgmob: .none
        case .compose: .address
        // No sample of n2pfund survives; it is taken to be as its sister service.
        case .person, .profile, .n2paccount, .n2pfund: .lcid
        }
    }
}

/// What a service of `URL` takes (docs/protocol.md#service-names).
package enum ServiceParameter: String, CaseIterable, Sendable {
    case none
    /// A language, `0x0409`, with its prefix.
    case lcid
    /// The receiver; may be left out.
    case address
}
