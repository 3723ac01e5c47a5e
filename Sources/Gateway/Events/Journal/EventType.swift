/// The type of an event by its name; callers have to survive ones that they don't know.
struct EventType: Hashable, Sendable {
    /// As the API calls it.
    let rawValue: String

    init(_ kind: any EventKind.Type) { rawValue = kind.name }

    /// All there are: those of each place where events happen.
    static let all = [
        SessionRecord.kinds, SessionRecord.arrivalKinds, SessionRecord.contactKinds, SessionRecord.conversationKinds,
        SessionRecord.mailKinds,
    ].joined().map(EventType.init)
}
