import Storage
import Testing

/// What a row has to have to be a contact.
struct StoredContactTests {
    /// The row of a contact with this account, read again.
    static func read(_ account: String, spelling: String) throws -> StoredContact {
        let contact = StoredContact(
            session: SessionID("session"), account: account, spelling: spelling, displayName: "", lists: 0)
        var row = StoredRow(StoredContact.table, contact.values)
        return try StoredContact(from: &row)
    }

    @Test func accountsThatNoServerCouldSayAreDamaged() throws {
        let longest = String(repeating: "a", count: StoredContact.longestAccount)
        #expect(try Self.read(longest, spelling: longest).account == longest)
        #expect(throws: StoreError.damaged("contact.account is not what belongs there")) {
            try Self.read(longest + "a", spelling: longest)
        }
        #expect(throws: StoreError.damaged("contact.spelling is not what belongs there")) {
            try Self.read(longest, spelling: String(repeating: "a", count: 70_000))
        }
    }
}
