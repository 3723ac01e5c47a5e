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
        for name in list.split(separator: ",", omittingEmptySubsequences: false) {
            let matching: [EventType]
            if name.hasSuffix(".*") {
                matching = EventType.allCases.filter { $0.rawValue.hasPrefix(name.dropLast()) }
            } else {
                matching = EventType(rawValue: String(name)).map { [$0] } ?? []
            }
            // A misspelt type would otherwise wait for ever.
            let group = name.prefix { $0 != "." }
            let isPlanned = Self.plannedGroups.contains(String(group)) && group != name
            guard !matching.isEmpty || isPlanned else {
                throw Problem(.invalidRequest, "The parameter types names an event type that doesn't exist.")
            }
            wanted.formUnion(matching)
        }
        self.init(wanted: wanted)
    }

    /// Groups of the API whose events this version does not bring: a client written for all of them may ask for them.
    private static let plannedGroups: Set<String> = ["journal"]

    func matches(_ type: EventType) -> Bool { wanted?.contains(type) ?? true }
}
