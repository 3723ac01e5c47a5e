/// Which events a reader wants: `types=presence.changed,contact.*`.
struct TypeFilter: Sendable, Equatable {
    /// Nil for all.
    private let wanted: Set<EventType>?

    static let everything = TypeFilter(wanted: nil)

    private init(wanted: Set<EventType>?) {
        self.wanted = wanted
    }

    /// Parses the comma list; throws `Problem` on a name that no event has and no wildcard covers.
    init(parsing list: String) throws(Problem) {
        var wanted: Set<EventType> = []
        for name in list.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let matching = Self.types(named: Substring(name)) else {
                // A misspelt type would otherwise wait for ever.
                throw Problem(.invalidRequest, "The parameter types names an event type that doesn't exist.")
            }
            wanted.formUnion(matching)
        }
        self.init(wanted: wanted)
    }

    /// The types that a name stands for; nil where it means nothing.
    private static func types(named name: Substring) -> [EventType]? {
        if let type = types[name] { return [type] }
        guard name.utf8.suffix(2).elementsEqual(".*".utf8) else { return nil }
        // With the dot: `contact.` is no beginning of `contacts.changed`.
        let beginning = name.utf8.dropLast()
        let group = EventType.all.filter { $0.rawValue.utf8.starts(with: beginning) }
        return group.isEmpty ? nil : group
    }

    private static let types = Words(EventType.all, \.rawValue)

    func matches(_ type: EventType) -> Bool { wanted?.contains(type) ?? true }
}
