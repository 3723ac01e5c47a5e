/// The contacts of one account, in the order of their accounts.
///
/// A session has a few dozen of them, and there are thousands of sessions: a list in order takes less than half of the room
/// of a dictionary, which is half empty and has keys of its own. Finding one takes a few comparisons.
package struct ContactTable: Equatable, Sendable {
    struct Row: Equatable, Sendable {
        /// Shares the bytes of the account where that is in lower case.
        let key: HandleKey
        var contact: Contact
    }

    private(set) var rows: [Row] = []

    package init() {}

    /// Rows in any order, of which no two have the same key; with room for no more than these.
    init(_ rows: [Row]) {
        self.rows.reserveCapacity(rows.count)
        self.rows.append(contentsOf: rows)
        self.rows.sort { $0.key < $1.key }
    }

    /// How many there are.
    package var count: Int { rows.count }

    /// Whether there is none.
    package var isEmpty: Bool { rows.isEmpty }

    /// All of them, by account.
    package var all: some RandomAccessCollection<Contact> { rows.lazy.map(\.contact) }

    /// The keys of those that are wanted, in order.
    func keys(where isWanted: (HandleKey, Contact) -> Bool = { _, _ in true }) -> [HandleKey] {
        rows.filter { isWanted($0.key, $0.contact) }.map(\.key)
    }

    /// The contact of an account; nil where there is none.
    package subscript(key: HandleKey) -> Contact? {
        get {
            let place = place(of: key)
            return isThere(key, place) ? rows[place].contact : nil
        }
        set {
            let place = place(of: key)
            switch (newValue, isThere(key, place)) {
            case (let contact?, true): rows[place].contact = contact
            case (let contact?, false): rows.insert(Row(key: key, contact: contact), at: place)
            case (nil, true): rows.remove(at: place)
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
    subscript(at place: Int) -> Contact {
        get { rows[place].contact }
        set { rows[place].contact = newValue }
    }

    private func isThere(_ key: HandleKey, _ place: Int) -> Bool { place < rows.count && rows.span[place].key == key }

    /// Where the account is, or would be.
    private func place(of key: HandleKey) -> Int {
        // Looked at where they are: to take each out of an array costs as much as comparing it.
        let rows = rows.span
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
