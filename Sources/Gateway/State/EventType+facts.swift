/// Which events tell of what a look shows: while none of these waits to be written, the look shows nothing that is not.
extension EventType.Set {
    static let everything = EventType.Set(rawValue: .max)

    /// Whether the session lives, which each call says that needs a live one.
    static let life = EventType.Set([SessionStateEvent.self])

    /// The session itself.
    static let session = life.union(EventType.Set([SessionUpdatedEvent.self, PresenceOwnEvent.self]))

    static let presence = life.union(EventType.Set([PresenceOwnEvent.self]))
    static let profile = life.union(EventType.Set([SessionUpdatedEvent.self]))
    static let privacy = life.union(EventType.Set([PrivacyChangedEvent.self]))
    static let phones = life.union(EventType.Set([PhonesChangedEvent.self]))

    /// People on the lists, with their presence.
    static let contacts = life.union(EventType.Set(names))
        .union(EventType.Set([PresenceChangedEvent.self, PresenceInitialEvent.self, ContactRequestEvent.self]))

    /// Open conversations; people in them are called as on the lists.
    static let conversations = life.union(EventType.Set(names))
        .union(
            EventType.Set([
                ConversationOpenedEvent.self, ConversationClosedEvent.self, ParticipantJoinedEvent.self,
                ParticipantLeftEvent.self, MessageReceivedEvent.self, MessageSentEvent.self,
            ]))

    /// Messages that were sent.
    static let messages = life.union(
        EventType.Set([
            MessageSentEvent.self, MessageDeliveredEvent.self, MessageUnconfirmedEvent.self, MessageFailedEvent.self,
        ]))

    static let snapshot = session.union(contacts).union(conversations).union(privacy).union(phones)
        .union(EventType.Set(SessionRecord.mailKinds))

    private static let names: [any EventKind.Type] = [
        ContactAddedEvent.self, ContactUpdatedEvent.self, ContactRemovedEvent.self,
    ]

    private init(_ kinds: [any EventKind.Type]) {
        self = kinds.reduce(into: []) { $0.insert(EventType.Set(EventType($1))) }
    }
}
