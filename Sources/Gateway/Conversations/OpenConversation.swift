import ByteText
import MSNP
import Storage

/// A conversation as a person means it, whatever switchboards do under it.
struct OpenConversation: Sendable {
    let id: ConversationID
    let createdAt: Timestamp
    /// The others, in the order in which they came; the name is what the switchboard said.
    private(set) var participants: [ListMember] = []
    /// Whether it ever had a second person in it besides us; it stays one for good.
    private(set) var isGroup = false
    /// When the last text was sent or received.
    private(set) var lastMessageAt: Timestamp?
    /// The uptime at which something last happened in it that people would look for.
    private(set) var lastActivity: Duration

    init(id: ConversationID, participants: [ListMember], createdAt: Timestamp, uptime: Duration) {
        self.id = id
        lastActivity = uptime
        self.createdAt = createdAt
        for member in participants { _ = join(member) }
    }

    /// One that was kept.
    init(_ stored: StoredConversation, participants: [ListMember], lastActivity: Duration) {
        id = ConversationID(rawValue: stored.number)
        createdAt = Timestamp(milliseconds: stored.createdAt)
        self.participants = participants
        isGroup = stored.isGroup
        lastMessageAt = stored.lastMessageAt.map(Timestamp.init)
        self.lastActivity = lastActivity
    }

    /// A text was sent or received.
    mutating func noteMessage(at time: Timestamp, uptime: Duration) {
        lastMessageAt = time
        lastActivity = uptime
    }

    /// Somebody came in; false when they were there already.
    mutating func join(_ member: ListMember) -> Bool {
        guard index(of: member.handle) == nil else { return false }
        participants.append(member)
        if participants.count > 1 { isGroup = true }
        return true
    }

    /// Somebody left; nil when they stay: the other person of a conversation of two does, whatever switchboards do.
    mutating func leave(_ handle: String) -> ListMember? {
        guard isGroup, let index = index(of: handle) else { return nil }
        return participants.remove(at: index)
    }

    /// Takes over the name under which somebody speaks; false where it is the same.
    mutating func rename(_ member: ListMember) -> Bool {
        guard let index = index(of: member.handle), !member.name.isEmpty,
            !ASCII.equals(participants[index].name, member.name)
        else { return false }
        participants[index].name = member.name
        return true
    }

    private func index(of handle: String) -> Int? {
        let key = Handle.fold(handle)
        return participants.firstIndex { Handle.fold($0.handle) == key }
    }
}
