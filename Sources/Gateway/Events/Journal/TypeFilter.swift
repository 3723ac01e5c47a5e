/// Which events a reader wants: `types=presence.changed,contact.*`.
struct TypeFilter: Sendable, Equatable {
    private let wanted: EventType.Set

    static let everything = TypeFilter(wanted: EventType.Set(rawValue: .max))

    private init(wanted: EventType.Set) {
        self.wanted = wanted
    }

    /// Parses the comma list; throws `Problem` on a name that no event has and no wildcard covers.
    init(parsing list: String) throws(Problem) { try self.init(parsing: list[...]) }

    /// The same of a part of a query.
    init(parsing list: Substring) throws(Problem) {
        var wanted: EventType.Set = []
        var rest = list.utf8
        while true {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            let matching = Self.types(named: Substring(name))
            // A misspelt type would otherwise wait for ever.
            guard !matching.isEmpty else {
                throw Problem(.invalidRequest, "The parameter types names an event type that doesn't exist.")
            }
            wanted.formUnion(matching)
            guard name.endIndex < rest.endIndex else { break }
            rest = rest[rest.index(after: name.endIndex)...]
        }
        self.init(wanted: wanted)
    }

    /// Takes a list that was kept; a name that no event has any more is passed over.
    init(kept list: String) {
        let names = list.utf8.split(separator: UInt8(ascii: ","))
        self.init(wanted: names.reduce(into: []) { $0.formUnion(Self.types(named: Substring($1))) })
    }

    /// Whether a name is one of an event, or covers some.
    static func knows(_ name: String) -> Bool { !types(named: name[...]).isEmpty }

    /// The types that a name stands for; none where it means nothing.
    private static func types(named name: Substring) -> EventType.Set {
        if let type = types[name] { return EventType.Set(type) }
        guard name.utf8.suffix(2).elementsEqual(".*".utf8) else { return [] }
        // With the dot: `contact.` is no beginning of `contacts.changed`.
        let beginning = name.utf8.dropLast()
        return EventType.all.reduce(into: []) { group, type in
            if type.rawValue.utf8.starts(with: beginning) { group.insert(EventType.Set(type)) }
        }
    }

    private static let types = Words(EventType.all, \.rawValue)

    func matches(_ type: EventType) -> Bool { wanted.contains(EventType.Set(type)) }

    /// Whether any of these is wanted.
    func matches(anyOf types: EventType.Set) -> Bool { !wanted.isDisjoint(with: types) }
}
