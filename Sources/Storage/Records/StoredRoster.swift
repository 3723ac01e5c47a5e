/// Somebody on one of a session's lists, as the server last said.
package struct StoredContact: Sendable {
    /// Bytes in an account: what a line of a server could have at most; a session counts on it.
    package static let longestAccount = 16 * 1_024

    package let session: SessionID
    /// Folded, as contacts are looked up.
    package let account: String
    /// As the server spells it.
    package var spelling: String
    package var displayName: String
    /// The lists, a bit for each.
    package var lists: Int64
    package var phones: StoredPhones

    package init(
        session: SessionID, account: String, spelling: String, displayName: String, lists: Int64,
        phones: StoredPhones = StoredPhones()
    ) {
        self.session = session
        self.account = account
        self.spelling = spelling
        self.displayName = displayName
        self.lists = lists
        self.phones = phones
    }
}

extension StoredContact: StoredRecord {
    package static let table = RecordTable(
        "contact", keys: [("session", .text), ("account", .text)],
        [("spelling", .text, false), ("display_name", .text, false), ("lists", .integer, false)]
            + StoredPhones.columns)

    package var values: [StoredValue] {
        [.text(session.text), .text(account), .text(spelling), .text(displayName), .integer(lists)] + phones.values
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        account = try row.text(upTo: Self.longestAccount)
        spelling = try row.text(upTo: Self.longestAccount)
        displayName = try row.text()
        lists = try row.integer()
        phones = try StoredPhones(from: &row)
    }
}

/// A session's own settings at its server.
package struct StoredSettings: Sendable {
    package let session: SessionID
    package var privacy: String
    package var addPrompt: String
    /// The list version last heard.
    package var version: Int64
    package var phones: StoredPhones
    /// The number of the dialect that was agreed on last; nil where none is known.
    package var dialect: Int64?
    /// The account as the server spells it; nil where it never did.
    package var spelling: String?
    /// Whether the server has verified the account; nil where it did not say.
    package var verified: Bool?

    package init(
        session: SessionID, privacy: String, addPrompt: String, version: Int64, phones: StoredPhones = StoredPhones()
    ) {
        self.session = session
        self.privacy = privacy
        self.addPrompt = addPrompt
        self.version = version
        self.phones = phones
    }
}

extension StoredSettings: StoredRecord {
    package static let table = RecordTable(
        "settings", keys: [("session", .text)],
        [("privacy", .text, false), ("add_prompt", .text, false), ("version", .integer, false)]
            + StoredPhones.columns
            + [("dialect", .integer, true), ("spelling", .text, true), ("verified", .integer, true)])

    package var values: [StoredValue] {
        [.text(session.text), .text(privacy), .text(addPrompt), .integer(version)] + phones.values
            + [StoredValue(dialect), StoredValue(spelling), StoredValue(verified)]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        privacy = try row.text()
        addPrompt = try row.text()
        version = try row.integer()
        phones = try StoredPhones(from: &row)
        dialect = try row.optionalInteger()
        spelling = try row.optionalText()
        verified = try row.optionalFlag()
    }
}

/// The phone numbers of a contact, or of the account itself.
package struct StoredPhones: Sendable {
    /// The number at home; nil where none is known.
    package var home: String?
    /// The number at work; nil where none is known.
    package var work: String?
    /// The mobile number; nil where none is known.
    package var mobile: String?
    /// Takes pages; nil when the server never said.
    package var mobileMessaging: Bool?
    /// Has a mobile device registered; nil when the server never said.
    package var mobileEnabled: Bool?

    package init() {}

    static let columns: [(String, RecordTable.Column.Kind, Bool)] = [
        ("home", .text, true), ("work", .text, true), ("mobile", .text, true), ("mobile_messaging", .integer, true),
        ("mobile_enabled", .integer, true),
    ]

    var values: [StoredValue] {
        [
            StoredValue(home), StoredValue(work), StoredValue(mobile), StoredValue(mobileMessaging),
            StoredValue(mobileEnabled),
        ]
    }

    init(from row: inout StoredRow) throws(StoreError) {
        home = try row.optionalText()
        work = try row.optionalText()
        mobile = try row.optionalText()
        mobileMessaging = try row.optionalFlag()
        mobileEnabled = try row.optionalFlag()
    }
}
