import MSNP
import Storage

/// What the store has of one session, of which its record is made again; all of it is what belongs there.
struct KeptRecords: Sendable {
    /// Nil until all lists were there.
    var settings: StoredSettings?
    var contacts: [StoredContact] = []
    var conversations: [StoredConversation] = []
    var participants: [StoredParticipant] = []
    var messages: [StoredMessage] = []
    var numbers: [StoredNumbers] = []
    var tokens: [StoredToken] = []
    var consumers: [StoredConsumer] = []

    fileprivate func reserved(_ kind: StoredNumbers.Kind) -> UInt64 {
        numbers.first { $0.kind == kind }?.through ?? 0
    }
}

extension SessionRecord {
    /// Takes over what was kept of lists, conversations and messages.
    mutating func resume(_ kept: KeptRecords, uptime: Duration) {
        let contacts = kept.contacts.map { stored in
            var contact = Contact(account: stored.spelling, displayName: stored.displayName)
            contact.lists = ListMembership(rawValue: UInt8(truncatingIfNeeded: stored.lists))
            contact.phones = ContactPhones(stored.phones)
            return contact
        }
        for stored in kept.contacts where stored.lists & StoredContact.announced != 0 {
            requests.resume(Handle.fold(stored.account))
        }
        roster = Roster(
            kept: contacts, privacy: kept.settings.flatMap { PrivacyMode(rawValue: $0.privacy) } ?? .allow,
            addPrompt: kept.settings.flatMap { AddPrompt(rawValue: $0.addPrompt) } ?? .ask,
            phones: kept.settings.map { ContactPhones($0.phones) } ?? ContactPhones(),
            version: UInt32(clamping: kept.settings?.version ?? 0))
        if let settings = kept.settings { resume(settings) }
        hasSynchronized = kept.settings != nil
        var unsaved = UnsavedChanges()
        unsaved.isComplete = hasSynchronized
        // Whatever reserved them: what is there has a number that is given.
        unsaved.reserved.conversations = max(
            kept.reserved(.conversations), kept.conversations.map(\.number).max() ?? 0)
        unsaved.reserved.messages = max(kept.reserved(.messages), kept.messages.map(\.number).max() ?? 0)
        self.unsaved = unsaved
        var messages = MessageLog(
            hasEnded && !canBeRevived ? [] : kept.messages, lastNumber: unsaved.reserved.messages, uptime: uptime)
        messages.goOnSaving()
        conversations = ConversationBook(
            kept.openConversations(uptime), lastNumber: unsaved.reserved.conversations, messages: messages)
    }

    /// What a client begins with.
    var knownConversations: KnownConversations {
        var known = KnownConversations()
        guard conversations.lastNumber > 0 else { return known }
        known.open = conversations.sorted.reversed().map { ($0.id, $0.participants, $0.isGroup) }
        known.lastID = conversations.lastNumber
        return known
    }
}

extension KeptRecords {
    fileprivate func openConversations(_ uptime: Duration) -> [OpenConversation] {
        let people = Dictionary(grouping: participants, by: \.conversation)
        func activity(_ stored: StoredConversation) -> Int64 { stored.lastMessageAt ?? stored.createdAt }
        let last = conversations.map(activity).max() ?? 0
        return conversations.map { stored in
            OpenConversation(
                stored,
                participants: (people[stored.number] ?? []).sorted { $0.place < $1.place }.map {
                    ListMember(handle: $0.spelling, name: $0.displayName)
                },
                // Their order is what counts, whatever clocks did in between.
                lastActivity: uptime - .milliseconds(last - activity(stored)))
        }
    }
}

extension ContactPhones {
    fileprivate init(_ stored: StoredPhones) {
        self.init()
        home = stored.home
        work = stored.work
        mobile = stored.mobile
        mobileMessaging = stored.mobileMessaging
        mobileEnabled = stored.mobileEnabled
    }
}
