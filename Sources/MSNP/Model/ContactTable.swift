import ByteText

/// The contacts of one account, in the order of their accounts.
///
/// A session has a few dozen of them, and there are thousands of sessions: a list in order takes less than half of the room
/// of a dictionary, which is half empty and has keys of its own. Finding one takes a few comparisons. The accounts lie in one
/// piece, as a text of its own takes 80 bytes for an account of 24: that made 1.8 KB of a session with 20 contacts.
package struct ContactTable: Equatable, Sendable {
    /// A contact with its key, as it goes in and comes out.
    struct Row: Equatable, Sendable {
        /// Shares the bytes of the account where that is in lower case.
        let key: HandleKey
        var contact: Contact
    }

    /// A contact as it is kept: its bytes in `accounts` end where those of the next one begin.
    private struct Entry: Equatable, Sendable {
        @Bytewise var displayName: String
        var numbers: Contact.Numbers?
        var start: UInt32
        /// How many bytes of the key stand before the account as it is spelled; 0 where the key is the account.
        var keyLength: UInt16
        var presence: Presence
        var lists: ListMembership

        init(_ contact: Contact, start: Int) {
            (displayName, numbers) = (contact.displayName, contact.numbers)
            (presence, lists) = (contact.presence, contact.lists)
            self.start = UInt32(start)
            keyLength = 0
        }
    }

    /// In order.
    private var entries: [Entry] = []
    /// Keys and accounts of all, in the same order.
    private var accounts: [UInt8] = []

    package init() {}

    /// Rows in any order, of which no two have the same key; with room for no more than these.
    ///
    /// They are sorted where they are, if nobody else has them.
    init(_ rows: consuming [Row]) {
        rows.sort { $0.key < $1.key }
        entries.reserveCapacity(rows.count)
        accounts.reserveCapacity(rows.reduce(0) { $0 + Self.size(of: $1.contact.account, $1.key) })
        for row in rows {
            entries.append(Entry(row.contact, start: accounts.count))
            entries[entries.count - 1].keyLength = Self.keyLength(of: row.contact.account, row.key)
            Self.append(row.contact.account, row.key, to: &accounts)
        }
    }

    /// How many there are.
    package var count: Int { entries.count }

    /// Whether there is none.
    package var isEmpty: Bool { entries.isEmpty }

    /// All of them, by account.
    package var all: some RandomAccessCollection<Contact> {
        entries.indices.lazy.map { [self] place in contact(at: place, account(at: place)) }
    }

    /// Those that are wanted for how they show themselves and for their lists, by account.
    func all(where isWanted: (Presence, ListMembership) -> Bool) -> [Contact] {
        // Asked before a contact gets a text of its account.
        entries.indices.filter { isWanted(entries[$0].presence, entries[$0].lists) }
            .map { contact(at: $0, account(at: $0)) }
    }

    /// All of them with their keys.
    var rows: [Row] {
        entries.indices.map { place in
            let (key, account) = (key(at: place), account(at: place))
            // One text for both.
            return Row(key: key, contact: contact(at: place, entries[place].keyLength == 0 ? key.text : account))
        }
    }

    /// The keys of those that are wanted, in order.
    func keys(where isWanted: (HandleKey, Contact) -> Bool = { _, _ in true }) -> [HandleKey] {
        rows.filter { isWanted($0.key, $0.contact) }.map(\.key)
    }

    /// The contact of an account; nil where there is none.
    package subscript(key: HandleKey) -> Contact? {
        get { find(key).map { self[at: $0, of: key] } }
        set {
            let place = place(of: key)
            switch (newValue, isThere(key, place)) {
            case (let contact?, true): self[at: place, of: key] = contact
            case (let contact?, false): insert(contact, of: key, at: place)
            case (nil, true): remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// Where an account stands, to ask and to change without looking for it twice; nil where there is none.
    func find(_ key: HandleKey) -> Int? {
        let place = place(of: key)
        return isThere(key, place) ? place : nil
    }

    /// The contact at the place of an account that was found, as long as nobody was added or removed since.
    subscript(at place: Int, of key: HandleKey) -> Contact {
        // Who asks has the account's text already, as nearly all are spelled in lower case.
        get { contact(at: place, entries[place].keyLength == 0 ? key.text : account(at: place)) }
        set {
            if ByteOrder.compare(newValue.account.utf8, accounts[accountBytes(at: place)]) != 0 {
                remove(at: place)
                insert(newValue, of: key, at: place)
            } else {
                entries[place].displayName = newValue.displayName
                entries[place].numbers = newValue.numbers
                entries[place].presence = newValue.presence
                entries[place].lists = newValue.lists
            }
        }
    }

    /// How the one at that place shows itself.
    func presence(at place: Int) -> Presence { entries[place].presence }

    // MARK: - Parts

    private mutating func insert(_ contact: Contact, of key: HandleKey, at place: Int) {
        let start = place < entries.count ? Int(entries[place].start) : accounts.count
        var bytes: [UInt8] = []
        Self.append(contact.account, key, to: &bytes)
        accounts.insert(contentsOf: bytes, at: start)
        var entry = Entry(contact, start: start)
        entry.keyLength = Self.keyLength(of: contact.account, key)
        for later in place..<entries.count { entries[later].start += UInt32(bytes.count) }
        entries.insert(entry, at: place)
    }

    private mutating func remove(at place: Int) {
        let bytes = bytes(at: place)
        accounts.removeSubrange(bytes)
        entries.remove(at: place)
        for later in place..<entries.count { entries[later].start -= UInt32(bytes.count) }
    }

    private func contact(at place: Int, _ account: String) -> Contact {
        let entry = entries[place]
        var contact = Contact(account: account, displayName: entry.displayName, entry.numbers)
        contact.presence = entry.presence
        contact.lists = entry.lists
        return contact
    }

    private func account(at place: Int) -> String { String(decoding: accounts[accountBytes(at: place)], as: UTF8.self) }

    private func key(at place: Int) -> HandleKey {
        HandleKey(String(decoding: accounts[keyBytes(at: place)], as: UTF8.self))
    }

    private func bytes(at place: Int) -> Range<Int> {
        let end = place + 1 < entries.count ? Int(entries[place + 1].start) : accounts.count
        return Int(entries[place].start)..<end
    }

    private func accountBytes(at place: Int) -> Range<Int> {
        bytes(at: place).dropFirst(Int(entries[place].keyLength))
    }

    private func keyBytes(at place: Int) -> Range<Int> {
        let length = Int(entries[place].keyLength)
        return length == 0 ? bytes(at: place) : bytes(at: place).prefix(length)
    }

    /// Where the key at that place stands: negative for before `key`.
    private func order(at place: Int, _ key: HandleKey) -> Int {
        let bytes = keyBytes(at: place)
        TextWork.note(min(bytes.count, key.text.utf8.count))
        return ByteOrder.compare(accounts[bytes], key.text.utf8)
    }

    private func isThere(_ key: HandleKey, _ place: Int) -> Bool { place < entries.count && order(at: place, key) == 0 }

    /// Where the account is, or would be.
    private func place(of key: HandleKey) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if order(at: middle, key) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: - Bytes

    /// A key is as long as the handle that it was folded from, which `WireLimits.line` bounds.
    private static func keyLength(of account: String, _ key: HandleKey) -> UInt16 {
        ASCII.equals(account, key.text) ? 0 : UInt16(key.text.utf8.count)
    }

    private static func size(of account: String, _ key: HandleKey) -> Int {
        Int(keyLength(of: account, key)) + account.utf8.count
    }

    private static func append(_ account: String, _ key: HandleKey, to bytes: inout [UInt8]) {
        if keyLength(of: account, key) > 0 { bytes += key.text.utf8 }
        bytes += account.utf8
    }
}
