import Testing

@testable import MSNP

/// Contacts in order.
@Suite struct ContactTableTests {
    private static func contact(_ number: Int) -> Contact {
        Contact(account: "User\(number)@example.com", displayName: "\(number)")
    }

    @Test("It says what a dictionary says, whatever comes and goes, and is in order")
    func random() {
        var random = SeededGenerator(seed: 7)
        var table = ContactTable()
        var known: [HandleKey: Contact] = [:]
        for step in 0..<2_000 {
            let key = HandleKey("user\(Int.random(in: 0..<60, using: &random))@example.com")
            let contact = Bool.random(using: &random) ? Self.contact(step) : nil
            table[key] = contact
            known[key] = contact
            #expect(table[key] == contact)
        }
        #expect(table.count == known.count)
        #expect(Dictionary(uniqueKeysWithValues: table.rows.map { ($0.key, $0.contact) }) == known)
        #expect(table.keys() == known.keys.sorted())
        #expect(Array(table.all) == known.sorted { $0.key < $1.key }.map(\.value))
        #expect(ContactTable(known.map { ContactTable.Row(key: $0.key, contact: $0.value) }) == table)
        for key in known.keys { table[key] = nil }
        #expect(table.isEmpty)
        #expect(table[HandleKey("user1@example.com")] == nil)
    }

    @Test("An account is spelled as it was told, and changes its spelling with the contact")
    func spelling() throws {
        var table = ContactTable()
        for name in ["Carol@example.com", "bob@example.com", "ALICE@example.com"] {
            table[HandleKey(name)] = Contact(account: name, displayName: "")
        }
        #expect(table.all.map(\.account) == ["ALICE@example.com", "bob@example.com", "Carol@example.com"])
        #expect(table.keys().map(\.text) == ["alice@example.com", "bob@example.com", "carol@example.com"])
        let bob = HandleKey("bob@example.com")
        let place = try #require(table.find(bob))
        var contact = table[at: place, of: bob]
        contact.account = "Bob@Example.com"
        contact.presence = .busy
        table[at: place, of: bob] = contact
        #expect(table[bob] == contact)
        #expect(table.all.map(\.account) == ["ALICE@example.com", "Bob@Example.com", "Carol@example.com"])
        table[HandleKey("alice@example.com")] = nil
        #expect(table.all.map(\.account) == ["Bob@Example.com", "Carol@example.com"])
        #expect(table.all { presence, _ in presence == .busy } == [contact])
        #expect(table == ContactTable(table.rows.reversed()))
    }

    @Test("Numbers that are taken away again leave a contact as it was")
    func numbers() {
        var contact = Self.contact(1)
        contact.phones.home = "1"
        #expect(contact.phones.home == "1")
        #expect(contact != Self.contact(1))
        contact.phones.home = nil
        #expect(contact == Self.contact(1))
    }

    @Test("A contact takes little: there are dozens of them in each of thousands of sessions")
    func size() {
        #expect(MemoryLayout<Contact>.size <= 48)
    }
}
