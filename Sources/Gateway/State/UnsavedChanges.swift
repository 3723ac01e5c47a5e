import MSNP
import Storage

/// What of a session's record the store has not had.
///
/// It is noted as it happens: nobody compares all contacts to find one that has changed.
struct UnsavedChanges: Sendable {
    /// By account; those who are gone without anything.
    private(set) var contacts: [HandleKey: Contact?] = [:]
    /// Settings of the account, or what the server calls it.
    var hasSettings = false
    /// The store has all lists, or has them with this.
    ///
    /// Settings go there with the last of them: who finds settings knows that the lists are whole.
    var isComplete = false
    var conversations: Set<ConversationID> = []
    /// Where people came or went or are called something else, with those who are there no more.
    private(set) var people: [ConversationID: Set<HandleKey>] = [:]
    /// Up to there numbers are reserved.
    var reserved = ReservedNumbers()

    /// Numbers of a session that the next process does not give again.
    struct ReservedNumbers: Sendable {
        var conversations: UInt64 = 0
        var messages: UInt64 = 0
    }

    /// Numbers that are reserved at once.
    static let block: UInt64 = 256

    var isEmpty: Bool { contacts.isEmpty && !hasSettings && conversations.isEmpty && people.isEmpty }

    /// Presence is not kept.
    mutating func note(_ change: RosterChange) {
        switch change {
        case .contactAdded(let contact), .contactUpdated(let contact): note(contact)
        case .contactRemoved(let contact): contacts[Handle.fold(contact.account)] = .some(nil)
        case .presenceChanged, .contactRequested: break
        case .privacyChanged, .phonesChanged: hasSettings = true
        }
    }

    mutating func note(_ contact: Contact) { contacts[Handle.fold(contact.account)] = contact }

    /// Somebody came, went or is called something else.
    mutating func changePeople(of id: ConversationID, left: ListMember? = nil) {
        conversations.insert(id)
        people[id, default: []].formUnion(left.map { [Handle.fold($0.handle)] } ?? [])
    }

    /// It is open no more.
    mutating func close(_ conversation: OpenConversation) {
        conversations.insert(conversation.id)
        people[conversation.id, default: []].formUnion(conversation.participants.map { Handle.fold($0.handle) })
    }
}

extension SessionRecord {
    /// The session outlives the process from now on: all that is known already is news to the store.
    mutating func beginSaving() {
        var unsaved = UnsavedChanges()
        for contact in roster.contacts.all { unsaved.note(contact) }
        for id in conversations.open.keys { unsaved.changePeople(of: id) }
        unsaved.isComplete = hasSynchronized
        unsaved.hasSettings = hasSynchronized
        self.unsaved = unsaved
        conversations.messages.beginSaving()
    }

    /// What the store has not had, which it has now.
    mutating func takeUnsaved(of session: SessionID) -> [RecordChange] {
        guard var news = unsaved else { return [] }
        var changes = reserveNumbers(&news.reserved, of: session)
        changes += conversations.messages.takeUnsaved(of: session)
        guard !news.isEmpty else {
            unsaved = news
            return changes
        }
        for (key, contact) in news.contacts { changes.append(change(contact, key, of: session)) }
        if news.hasSettings, news.isComplete { changes.append(.put(settings(of: session))) }
        for id in news.conversations {
            let known = conversations.open[id]
            changes.append(
                known.map { .put($0.stored(of: session)) }
                    ?? .remove(RecordKey(StoredConversation.table, [.text(session.text), StoredValue(id.rawValue)])))
        }
        for (id, gone) in news.people {
            let people = conversations.open[id]?.storedParticipants(of: session) ?? []
            let there = Set(people.map { HandleKey($0.account) })
            for key in gone where !there.contains(key) {
                changes.append(
                    .remove(
                        RecordKey(
                            StoredParticipant.table,
                            [.text(session.text), StoredValue(id.rawValue), .text(key.text)])))
            }
            changes += people.map { .put($0) }
        }
        var rest = UnsavedChanges()
        rest.reserved = news.reserved
        rest.isComplete = news.isComplete
        unsaved = rest
        return changes
    }

    /// Numbers are given out by whole blocks, each of which is in the store before anything that has one of its numbers.
    private func reserveNumbers(
        _ reserved: inout UnsavedChanges.ReservedNumbers, of session: SessionID
    ) -> [RecordChange] {
        func reserve(_ last: UInt64, _ through: inout UInt64, _ kind: StoredNumbers.Kind) -> [RecordChange] {
            guard last > through else { return [] }
            through = last + UnsavedChanges.block
            return [.put(StoredNumbers(session: session, kind: kind, through: through))]
        }
        return reserve(conversations.lastNumber, &reserved.conversations, .conversations)
            + reserve(conversations.messages.lastNumber, &reserved.messages, .messages)
    }

    private func change(_ contact: Contact?, _ key: HandleKey, of session: SessionID) -> RecordChange {
        guard let contact else {
            return .remove(RecordKey(StoredContact.table, [.text(session.text), .text(key.text)]))
        }
        return .put(
            StoredContact(
                session: session, account: key.text, spelling: contact.account, displayName: contact.displayName,
                lists: Int64(contact.lists.rawValue) | (requests.hasAnnounced(key) ? StoredContact.announced : 0),
                phones: StoredPhones(contact.phones)))
    }

    private func settings(of session: SessionID) -> StoredSettings {
        var stored = StoredSettings(
            session: session, privacy: roster.privacy.rawValue, addPrompt: roster.addPrompt.rawValue,
            version: Int64(roster.version), phones: StoredPhones(roster.phones))
        stored.dialect = dialect.map { Int64($0.rawValue) }
        stored.spelling = account
        stored.verified = verified
        return stored
    }
}

extension OpenConversation {
    fileprivate func stored(of session: SessionID) -> StoredConversation {
        StoredConversation(
            session: session, number: id.rawValue, createdAt: createdAt.milliseconds,
            lastMessageAt: lastMessageAt?.milliseconds, isGroup: isGroup)
    }

    fileprivate func storedParticipants(of session: SessionID) -> [StoredParticipant] {
        participants.enumerated().map { place, member in
            StoredParticipant(
                session: session, conversation: id.rawValue, account: Handle.fold(member.handle).text,
                spelling: member.handle, displayName: member.name, place: Int64(place))
        }
    }
}

extension StoredContact {
    /// The bit of `lists` that says that the person was asked about.
    static let announced: Int64 = 1 << 8
}

extension StoredPhones {
    init(_ phones: ContactPhones) {
        self.init()
        home = phones.home
        work = phones.work
        mobile = phones.mobile
        mobileMessaging = phones.mobileMessaging
        mobileEnabled = phones.mobileEnabled
    }
}
