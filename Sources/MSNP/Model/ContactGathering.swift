/// Contacts as lists name them, before they are a table.
///
/// Each list names most of those whom the one before it has named, mostly in the same order. So whoever is named is looked for
/// behind the one who was named last, and nearly always found there without a hash.
struct ContactGathering {
    /// In the order in which they came.
    var rows: [ContactTable.Row]
    /// The places of those whom a list has named, in the order in which they first were.
    private(set) var named: [Int] = []
    private var isNamed: [Bool]
    private var places: [HandleKey: Int] = [:]
    /// Where the next one is likely to be.
    private var next = 0

    /// Begins with those that are known.
    init(_ known: ContactTable = ContactTable()) {
        rows = known.rows
        isNamed = [Bool](repeating: false, count: rows.count)
        for (place, row) in rows.enumerated() { places[row.key] = place }
    }

    /// Makes room for so many.
    mutating func reserveCapacity(_ count: Int) {
        rows.reserveCapacity(count)
        isNamed.reserveCapacity(count)
        named.reserveCapacity(count)
        places.reserveCapacity(count)
    }

    /// Whether there is a contact of that account.
    func has(_ key: HandleKey) -> Bool { places[key] != nil }

    /// A list names somebody.
    mutating func take(_ member: ListMember, on list: ListName) {
        let key = Handle.fold(member.handle)
        let place =
            find(key) ?? add(Contact(account: DisplayText.sanitized(member.handle), displayName: ""), of: key)
        next = place + 1
        if !isNamed[place] {
            isNamed[place] = true
            named.append(place)
        }
        rows[place].contact.take(member, on: list)
    }

    /// Puts in a contact, in place of another of that account.
    mutating func put(_ contact: Contact) {
        let key = Handle.fold(contact.account)
        if let place = find(key) { rows[place].contact = contact } else { _ = add(contact, of: key) }
    }

    /// Gives away all rows: nobody has a place any more.
    mutating func takeRows() -> [ContactTable.Row] {
        defer { rows = [] }
        return rows
    }

    private func find(_ key: HandleKey) -> Int? {
        next < rows.count && rows[next].key == key ? next : places[key]
    }

    private mutating func add(_ contact: Contact, of key: HandleKey) -> Int {
        rows.append(ContactTable.Row(key: key, contact: contact))
        isNamed.append(false)
        places[key] = rows.count - 1
        return rows.count - 1
    }
}
