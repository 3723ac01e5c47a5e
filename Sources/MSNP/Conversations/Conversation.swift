/// A conversation in a person's sense, as its `ConversationFlow` knows it; its switchboards come and go.
struct Conversation: Sendable {
    /// A switchboard that is being set up for the conversation.
    struct Opening: Sendable {
        let switchboard: SwitchboardID
        /// The people who have neither come nor been found unreachable.
        var unresolved: Set<HandleKey>
        /// The people who can't be reached, and why not.
        var unreached: [(folded: HandleKey, failure: MessageFailure)] = []
        /// Somebody has come.
        var hasCome = false
    }

    let id: ConversationID
    /// All other people in it, whether there is a switchboard or not.
    var participants: [ListMember]
    /// More than one other person is or was in it, so nothing private belongs here any more.
    var isGroup: Bool
    /// An event has announced it.
    var isAnnounced = false
    /// The switchboards that we are in; somebody spoke last on the last one.
    var switchboards: [SwitchboardID] = []
    var opening: Opening?
    var queue = SendQueue()
    /// Requests that wait for the opening, and whether each has created the conversation.
    var openers: [(request: RequestID, isNew: Bool)] = []
    /// Requests to bring somebody in.
    var inviting: [HandleKey: [RequestID]] = [:]
    /// A switchboard that was lost before it was of use has been replaced, which happens once.
    var hasRetried = false
    /// Switchboards opened since the last message went out.
    var fruitlessOpenings = 0
    /// People called back since the last message went out.
    var fruitlessCalls = 0
    /// A typing notification was sent a moment ago.
    var isTyping = false
    /// Grows with each use, for finding the one that has been silent for longest.
    var lastUse: UInt64 = 0

    init(_ id: ConversationID, _ participants: [ListMember], isGroup: Bool) {
        self.id = id
        self.participants = participants
        self.isGroup = isGroup
    }

    /// Whether something would be lost if it were forgotten.
    var isInUse: Bool { !switchboards.isEmpty || opening != nil || !queue.isEmpty || !openers.isEmpty }

    var foldedParticipants: Set<HandleKey> { Set(participants.map { Handle.fold($0.handle) }) }

    func contains(_ folded: HandleKey) -> Bool { participants.contains { Handle.fold($0.handle) == folded } }

    /// Whether only that person is in it, nobody else ever was, and nobody else is being invited.
    func isPrivate(with folded: HandleKey) -> Bool {
        !isGroup && inviting.isEmpty && participants.count == 1 && contains(folded)
    }
}

/// Names a conversation of one session; its `ConversationFlow` chooses it and never uses it again.
package struct ConversationID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// The conversations that a session comes back with, without a switchboard; the next message opens one.
package struct KnownConversations: Sendable {
    /// By activity, the last active last.
    package var open: [(id: ConversationID, participants: [ListMember], isGroup: Bool)] = []
    /// The last number that none is given any more.
    package var lastID: UInt64 = 0

    package init() {}
}

/// The people who have been on a switchboard, as far as a private message with one of them has to know.
///
/// A server can send people in and out for as long as a switchboard lives, so they are not all remembered.
enum Company: Equatable, Sendable {
    case nobody
    case one(HandleKey)
    case several

    /// Adds a person, who may have been there before.
    mutating func join(_ folded: HandleKey) {
        switch self {
        case .nobody: self = .one(folded)
        case .one(let other) where other != folded: self = .several
        case .one, .several: break
        }
    }

    /// Whether nobody but that person has been there.
    func isAtMost(_ folded: HandleKey) -> Bool {
        switch self {
        case .nobody: true
        case .one(let other): other == folded
        case .several: false
        }
    }
}
