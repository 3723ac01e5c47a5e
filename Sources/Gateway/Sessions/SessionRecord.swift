import ByteText
import DequeModule
import MSNP

/// Everything that HTTP sees of a session, changed by facts and by nothing else.
///
/// It is a value: facts and times go in, and the journal grows.
struct SessionRecord: Sendable {
    let id: String
    let backend: String
    let createdAt: Timestamp
    private(set) var account: String
    private(set) var displayName: String
    private(set) var verified: Bool?
    private(set) var state = SessionState.connecting
    private(set) var reason: SessionReason?
    /// When the next attempt to come back begins; it may be under way already.
    private(set) var retryAt: Timestamp?
    /// The same as an uptime, for saying how long that is.
    private(set) var retryUptime: Duration?
    /// Why it ended, in the protocol's terms; nil while it lives.
    private(set) var end: SessionEnd?
    private(set) var status: Presence = .offline
    private(set) var dialect: Dialect?
    private(set) var profile: Profile?
    /// Uptime at which the profile came, which is when `sl` of the Passport form begins (protocol.md 11.3).
    private(set) var profileReceivedAt: Duration?
    private(set) var roster = Roster()
    /// Changes with the roster, so that what was encoded from it can be kept.
    private(set) var rosterRevision: UInt64 = 0
    private(set) var journal: Journal
    /// Whom to let in without asking, and who has been asked about.
    private(set) var requests = ContactRequests()
    var conversations = ConversationBook()
    private var hasSynchronized = false
    /// The uptime of the fact that is being applied.
    private(set) var uptime: Duration = .zero
    var mailbox = Mailbox()
    /// The server has taken the password at least once.
    private(set) var hasBeenOnline = false

    init(id: String, account: String, backend: String, createdAt: Timestamp, journal: Journal) {
        self.id = id
        self.account = account
        displayName = account
        self.backend = backend
        self.createdAt = createdAt
        self.journal = journal
    }

    var hasEnded: Bool { state == .ended }

    /// Whether the dialect knows phone numbers; false until it is agreed on.
    var hasPhones: Bool { dialect.map { $0 >= .msnp5 } ?? false }

    /// The own phone properties; nil where the dialect has none.
    var phones: PhonesResource? { hasPhones ? PhonesResource(roster.phones) : nil }

    /// The contacts of this instant.
    var contactBook: ContactBook {
        ContactBook(roster: roster, hasPhones: hasPhones, hasEnded: hasEnded, revision: rosterRevision)
    }

    func resource(of contact: Contact) -> ContactResource { contactBook.resource(of: contact) }

    /// The resource, but for when something was last received.
    var resource: SessionResource {
        SessionResource(
            id: id, account: account, displayName: displayName, verified: verified, state: state.rawValue,
            reason: reason, retryAt: retryAt, status: status.name, backend: backend, protocol: dialect?.name,
            createdAt: createdAt, lastReceivedAt: nil, cursor: journal.cursor.text)
    }

    /// Ends it before or beside what the server says, with the gateway's own reason.
    mutating func end(_ reason: SessionReason, at now: Timestamp, uptime: Duration) {
        guard state != .ended else { return }
        self.uptime = uptime
        failPendingMessages(now)
        state = .ended
        self.reason = reason
        retryAt = nil
        retryUptime = nil
        // Nothing says "online" from now on (`ContactBook.hasEnded`).
        status = .offline
        rosterRevision += 1
        append(.sessionState, EventData.State(state: state.rawValue, reason: reason, retryAt: nil), now)
    }

    /// Bytes of events and of messages' texts.
    var keptBytes: Int { journal.bytes + conversations.messages.bytes }

    /// The uptime of the oldest event or message that can be dropped.
    var oldestKept: Duration? {
        [journal.oldestUptime, conversations.messages.oldestUptime].compactMap(\.self).min()
    }

    /// Drops the oldest events and messages up to an uptime (nil: whatever theirs) until so many bytes are free.
    mutating func dropOldest(through uptime: Duration?, freeing bytes: Int) -> Session.Dropped {
        var dropped = Session.Dropped()
        while dropped.bytes < bytes, let oldest = oldestKept, uptime.map({ oldest <= $0 }) ?? true {
            let wanted = bytes - dropped.bytes
            if journal.oldestUptime == oldest {
                // Up to the first message, whose turn is then.
                let end = [uptime, conversations.messages.oldestUptime].compactMap(\.self).min()
                let freed = journal.drop(through: end, freeing: wanted)
                dropped.bytes += freed.bytes
                dropped.events += freed.events
            } else {
                let end = [uptime, journal.oldestUptime].compactMap(\.self).min()
                dropped.bytes += conversations.messages.drop(through: end, freeing: wanted)
            }
        }
        dropped.oldest = oldestKept
        return dropped
    }

    mutating func dropOldEvents(at uptime: Duration) { journal.dropOld(now: uptime) }

    /// Takes over a fact and writes down what it changed.
    mutating func apply(_ event: SessionEvent, at now: Timestamp, uptime: Duration) {
        // The last word was said; a connection that is still closing has no say in it.
        guard state != .ended else { return }
        self.uptime = uptime
        switch event {
        case .state(let next):
            state = next
            reason = nil
            retryAt = nil
            retryUptime = nil
            if next == .online { hasBeenOnline = true }
            append(.sessionState, EventData.State(state: next.rawValue, reason: nil, retryAt: nil), now)
        case .reconnecting(let end, let delay): lose(end, retryingAfter: delay, now)
        case .negotiated(let dialect):
            // What contacts look like depends on it.
            if dialect != self.dialect { rosterRevision += 1 }
            self.dialect = dialect
        case .signedIn(let handle, let name, let bit):
            // MSNP6 brought the bit; what stands there in older dialects is something else.
            let verified = dialect.map { $0 >= .msnp6 } ?? true ? bit : nil
            account = DisplayText.sanitized(handle)
            let shown = name.isEmpty ? account : name
            let isNews = self.verified != verified || !ASCII.equals(displayName, shown)
            self.verified = verified
            displayName = shown
            if isNews { append(.sessionUpdated, EventData.Updated(displayName: shown, verified: verified), now) }
        case .profile(let profile):
            profileReceivedAt = uptime
            guard profile != self.profile else { return }
            self.profile = profile
            append(.sessionUpdated, EventData.Updated(profile: ProfileResource(profile)), now)
        // Of many people at once: `Session` has it worked out beside the record and written down in turns.
        case .synchronized: break
        case .listAdded(let member, let list, let version):
            record(roster.add(member, to: list, version: version), now)
        case .listRemoved(let handle, let list, let version):
            record(roster.remove(handle, from: list, version: version), now)
        case .contactRenamed(let member, let version): record(roster.rename(member, version: version), now)
        // Numbers in a dialect without numbers would be shown nowhere.
        case .contactPhone where !hasPhones, .ownPhone where !hasPhones: break
        case .contactPhone(let handle, let property, let value):
            record(roster.set(property, of: handle, to: value), now)
        case .ownPhone(let property, let value): record(roster.setOwn(property, to: value), now)
        case .privacy(let mode): record(roster.apply(privacy: mode), now)
        case .addPrompt(let prompt): record(roster.apply(addPrompt: prompt), now)
        case .presence(let presence, let handle, let name):
            record(roster.apply(presence, of: handle, name: name), now)
        case .presenceSettled:
            settleMail(now)
        case .ownPresence(let presence, let forced):
            guard presence != status else { return }
            status = presence
            append(.presenceOwn, EventData.PresenceOwn(status: presence.name, forced: forced), now)
        case .ownDisplayName(let name):
            guard !name.isEmpty, !ASCII.equals(name, displayName) else { return }
            displayName = name
            append(.sessionUpdated, EventData.Updated(displayName: name), now)
        case .systemMessage(let message):
            append(
                .serverNotice, EventData.Notice(kind: "maintenance", minutes: message.minutes.map(Int.init)), now)
        case .conversation(let event): apply(event, now)
        case .mail(let notification): apply(notification, now)
        case .alert(let document): append(.alertReceived, EventData.AlertReceived(document), now)
        case .page(let sender, let text):
            append(.pageReceived, EventData.PageReceived(from: sender, text: text.value), now)
        case .pageFailed(let page, let failure): append(.pageFailed, EventData.PageFailed(page, failure), now)
        case .ignored: break
        case .ended(let end):
            self.end = end
            self.end(SessionReason(end), at: now, uptime: uptime)
        }
    }

    /// The connection is gone; what was known of others stays until something else is known.
    private mutating func lose(_ end: SessionEnd, retryingAfter delay: Duration?, _ now: Timestamp) {
        state = .reconnecting
        reason = SessionReason(end)
        retryAt = delay.map { now.advanced(by: $0) }
        retryUptime = delay.map { uptime + $0 }
        roster.expectPresenceAnew()
        mailbox.expectAnew()
        append(.sessionState, EventData.State(state: state.rawValue, reason: reason, retryAt: retryAt), now)
        // Others see us go, and nothing may say "online" over a dead connection.
        guard status != .offline else { return }
        status = .offline
        append(.presenceOwn, EventData.PresenceOwn(status: status.name, forced: true), now)
    }

    /// Takes over contacts and settings that were worked out beside it, of which `record` tells the changes.
    ///
    /// False when the session has ended meanwhile, so that nothing is told.
    mutating func adopt(_ roster: Roster) -> Bool {
        guard !hasEnded else { return false }
        self.roster = roster
        rosterRevision += 1
        return true
    }

    /// Notes that the lists are there; whether for the first time.
    ///
    /// The lists that a session begins with are its state and not news, but for people who wait for an answer.
    mutating func noteSynchronized() -> Bool {
        defer { hasSynchronized = true }
        return !hasSynchronized
    }

    /// Writes down what has changed in the roster; nothing once the session has ended.
    mutating func tell(_ changes: some Sequence<RosterChange>, _ now: Timestamp) {
        guard !hasEnded else { return }
        record(Array(changes), now)
    }

    private mutating func record(_ changes: [RosterChange], _ now: Timestamp) {
        guard !changes.isEmpty else { return }
        rosterRevision += 1
        for change in changes {
            switch change {
            case .contactAdded(let contact):
                append(.contactAdded, EventData.ContactChange(contact: resource(of: contact)), now)
            case .contactUpdated(let contact):
                requests.changed(contact)
                append(.contactUpdated, EventData.ContactChange(contact: resource(of: contact)), now)
            case .contactRemoved(let contact):
                requests.removed(contact)
                append(.contactRemoved, EventData.ContactChange(contact: resource(of: contact)), now)
            case .presenceChanged(let contact, let previous):
                let resource = resource(of: contact)
                append(
                    .presenceChanged,
                    EventData.PresenceChanged(
                        account: resource.account, displayName: resource.displayName, status: resource.status,
                        previous: previous.name), now)
            case .contactRequested(let contact):
                switch roster.addPrompt {
                case .ask: announce(contact, now)
                case .allowSilently: requests.letInLater(contact)
                }
            case .privacyChanged: append(.privacyChanged, EventData.Privacy(roster), now)
            case .phonesChanged: append(.phonesChanged, PhonesResource(roster.phones), now)
            }
        }
    }

    // MARK: - People who wait for an answer

    /// Asks about people who wait, unless they were asked about before.
    mutating func announce(_ contacts: some Sequence<Contact>, _ now: Timestamp) {
        guard !hasEnded else { return }
        for contact in contacts { announce(contact, now) }
    }

    /// Takes over whom to let in without asking, from the first to the last.
    mutating func letInLater(_ accounts: Deque<HandleKey>) { requests.letInLater(accounts) }

    private mutating func announce(_ contact: Contact, _ now: Timestamp) {
        guard requests.announce(contact) else { return }
        let resource = resource(of: contact)
        append(
            .contactRequest,
            EventData.ContactRequest(account: resource.account, displayName: resource.displayName), now)
    }

    /// Whom to let in next without asking; nil when nobody waits, when nothing can be asked of the server, or when a turn's
    /// worth of people wait no more (`mayLetIn` tells).
    mutating func nextToLetIn() -> Contact? {
        var looked = 0
        while mayLetIn, looked < GatewayLimits.factsInTurn, let account = requests.nextToLetIn() {
            looked += 1
            if let contact = roster.contact(account), contact.isPending { return contact }
        }
        return nil
    }

    /// Whether there may be somebody to let in without asking.
    var mayLetIn: Bool { state == .online && roster.addPrompt == .allowSilently && requests.hasWaiting }

    /// The server would not let somebody in: the person is asked after all.
    mutating func couldNotLetIn(_ account: String, at now: Timestamp, uptime: Duration) {
        self.uptime = uptime
        guard !hasEnded, let contact = roster.contact(account), contact.isPending else { return }
        requests.refused(contact)
        announce(contact, now)
    }

    mutating func append(_ type: EventType, _ data: some Encodable & Sendable, _ now: Timestamp) {
        journal.append(type, data, at: now, uptime: uptime)
    }
}
