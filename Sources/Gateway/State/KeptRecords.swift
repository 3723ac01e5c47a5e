import MSNP
import Storage

/// What the store has of one session, of which its record is made again.
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

    /// All that is there, of each session; throws `StoreError`.
    ///
    /// One look at each table: one for each session would be tens of thousands of them.
    static func all(in store: any RecordStore) async throws(StoreError) -> [SessionID: KeptRecords] {
        var all: [SessionID: KeptRecords] = [:]
        for record in try await store.load(StoredSettings.self, of: nil) {
            all[record.session, default: KeptRecords()].settings = record
        }
        for record in try await store.load(StoredContact.self, of: nil) {
            all[record.session, default: KeptRecords()].contacts.append(record)
        }
        for record in try await store.load(StoredConversation.self, of: nil) {
            all[record.session, default: KeptRecords()].conversations.append(record)
        }
        for record in try await store.load(StoredParticipant.self, of: nil) {
            all[record.session, default: KeptRecords()].participants.append(record)
        }
        for record in try await store.load(StoredMessage.self, of: nil) {
            all[record.session, default: KeptRecords()].messages.append(record)
        }
        for record in try await store.load(StoredNumbers.self, of: nil) {
            all[record.session, default: KeptRecords()].numbers.append(record)
        }
        for record in try await store.load(StoredToken.self, of: nil) {
            all[record.session, default: KeptRecords()].tokens.append(record)
        }
        for record in try await store.load(StoredConsumer.self, of: nil) {
            all[record.session, default: KeptRecords()].consumers.append(record)
        }
        return all
    }

    fileprivate func reserved(_ kind: StoredNumbers.Kind) -> UInt64 {
        numbers.first { $0.kind == kind }?.through ?? 0
    }
}

extension SessionRecord {
    /// Takes over what was kept of lists, conversations and messages; throws `StoreError` where it is damaged.
    mutating func resume(_ kept: KeptRecords, uptime: Duration) throws(StoreError) {
        let lists = kept.contacts.map { ListMembership(rawValue: UInt8(truncatingIfNeeded: $0.lists)) }
        let contacts = zip(kept.contacts, lists).map { stored, lists in
            var contact = Contact(account: stored.spelling, displayName: stored.displayName)
            contact.lists = lists
            contact.phones = ContactPhones(stored.phones)
            return contact
        }
        for stored in kept.contacts where stored.lists & StoredContact.announced != 0 {
            requests.resume(Handle.fold(stored.account))
        }
        var (privacy, addPrompt) = (PrivacyMode.allow, AddPrompt.ask)
        if let settings = kept.settings {
            guard let mode = PrivacyMode(rawValue: settings.privacy),
                let prompt = AddPrompt(rawValue: settings.addPrompt)
            else { throw .damaged("the settings of a session are not what belongs there") }
            (privacy, addPrompt) = (mode, prompt)
        }
        roster = Roster(
            kept: contacts, privacy: privacy, addPrompt: addPrompt,
            phones: kept.settings.map { ContactPhones($0.phones) } ?? ContactPhones(),
            version: UInt32(clamping: kept.settings?.version ?? 0))
        if let settings = kept.settings { resume(settings) }
        hasSynchronized = kept.settings != nil
        var unsaved = UnsavedChanges()
        unsaved.isComplete = hasSynchronized
        unsaved.reserved.conversations = kept.reserved(.conversations)
        unsaved.reserved.messages = kept.reserved(.messages)
        self.unsaved = unsaved
        var messages = try MessageLog(
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
