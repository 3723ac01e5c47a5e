/// Somebody on one of an account's lists.
public struct Contact: Codable, Equatable, Sendable {
    /// As the server spells it.
    public let account: String
    /// The account where the server has no name.
    public let displayName: String
    /// `offline` for everybody who isn't on the forward list.
    public let status: Word<PresenceStatus>
    /// Those that they are on.
    public let lists: [Word<ContactList>]
    public let blocked: Bool
    /// Has added the account and waits for an answer.
    public let pending: Bool
    /// Of people on the forward list; nil in dialects that have none.
    public let phones: Phones?
}

/// The lists of an account.
public enum ContactList: String, Sendable, CaseIterable {
    case forward, allow, block, reverse
}

/// Phone numbers: what is not set is nil.
public struct Phones: Codable, Equatable, Sendable {
    /// At home.
    public let home: String?
    /// At work.
    public let work: String?
    /// Of a mobile device.
    public let mobile: String?
    /// Whether the mobile device takes pages.
    public let mobileMessaging: Bool?
}

/// What applies to people on neither the allow nor the block list.
public struct Privacy: Codable, Equatable, Sendable {
    /// Whether they may see the account and write to it.
    public let unknownContacts: Word<Rule>
    /// Whether to ask when somebody adds the account.
    public let promptOnAdd: Bool

    public init(unknownContacts: Rule, promptOnAdd: Bool) {
        self.unknownContacts = .known(unknownContacts)
        self.promptOnAdd = promptOnAdd
    }

    /// Who is let in.
    public enum Rule: String, Sendable, CaseIterable { case allow, block }
}
