/// The type of an event; callers have to survive ones that they don't know.
struct EventType: Hashable, Sendable {
    /// Its place among all of them, which fits a bit of `Set`.
    fileprivate let number: UInt8

    /// A kind that is listed nowhere ends the process: filters would not know it.
    init(_ kind: any EventKind.Type) {
        guard let number = Self.numbers[kind.name] else {
            preconditionFailure("\(kind) is none of the kinds that a filter knows")
        }
        self.number = number
    }

    private init(number: UInt8) { self.number = number }

    /// Nil for a word that no type has.
    init?(named name: String) {
        guard let number = Self.numbers[name] else { return nil }
        self.number = number
    }

    /// As the API calls it.
    var rawValue: String { Self.names[Int(number)] }

    /// All there are: those of each place where events happen.
    static let all = names.indices.map { EventType(number: UInt8($0)) }

    private static let names: [String] = {
        let names = [
            SessionRecord.kinds, SessionRecord.arrivalKinds, SessionRecord.contactKinds,
            SessionRecord.conversationKinds,
            SessionRecord.mailKinds,
        ].joined().map { $0.name }
        precondition(names.count <= UInt64.bitWidth, "each type has a bit")
        return names
    }()

    private static let numbers = Dictionary(uniqueKeysWithValues: zip(names, UInt8(0)...))

    /// Some of the types, a bit for each: each event is held against the filter of each reader.
    struct Set: OptionSet, Sendable {
        let rawValue: UInt64

        init(rawValue: UInt64) { self.rawValue = rawValue }

        init(_ type: EventType) { rawValue = 1 << UInt64(type.number) }
    }
}
