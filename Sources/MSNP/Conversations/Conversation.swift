/// What a person means by a conversation, as its `ConversationFlow` knows it; switchboards come and go under it.
struct Conversation: Sendable {
    /// A switchboard that is being set up for the conversation.
    struct Opening: Sendable {
        let switchboard: SwitchboardID
        /// Those who have neither come nor failed to.
        var unresolved: Set<HandleKey>
        /// Those who can't be reached, and why not.
        var unreached: [(folded: HandleKey, failure: MessageFailure)] = []
        /// Somebody has come.
        var hasCome = false
    }

    let id: ConversationID
    /// Everybody else, whether a switchboard is there or not.
    var participants: [ListMember]
    /// More than one other person is, or was, in it: private words have no place here any more.
    var isGroup: Bool
    /// Others were told of it.
    var isAnnounced = false
    /// Those that we are in; the last one is where somebody spoke last.
    var switchboards: [SwitchboardID] = []
    var opening: Opening?
    var queue = SendQueue()
    /// Requests that wait for the opening, and whether they have made the conversation.
    var openers: [(request: RequestID, isNew: Bool)] = []
    /// Requests to bring somebody in.
    var inviting: [HandleKey: [RequestID]] = [:]
    /// A switchboard that died before it was of use is replaced once.
    var hasRetried = false
    /// Switchboards opened since anything went out.
    var fruitlessOpenings = 0
    /// People called back since anything went out.
    var fruitlessCalls = 0
    /// Typing was told a moment ago.
    var isTyping = false
    /// Grows with each use, for finding the one that has been silent for longest.
    var lastUse: UInt64 = 0

    init(_ id: ConversationID, _ participants: [ListMember], isGroup: Bool) {
        self.id = id
        self.participants = participants
        self.isGroup = isGroup
    }

    /// Whether there is something that would be lost by forgetting it.
    var isInUse: Bool { !switchboards.isEmpty || opening != nil || !queue.isEmpty || !openers.isEmpty }

    var foldedParticipants: Set<HandleKey> { Set(participants.map { Handle.fold($0.handle) }) }

    func contains(_ folded: HandleKey) -> Bool { participants.contains { Handle.fold($0.handle) == folded } }

    /// Whether it is with that person alone, always was, and nobody else is being brought in.
    func isPrivate(with folded: HandleKey) -> Bool {
        !isGroup && inviting.isEmpty && participants.count == 1 && contains(folded)
    }
}
