import ByteText
import MSNP
import Storage

/// Everything that HTTP sees of a session, changed by facts and by nothing else.
///
/// It is a value: facts and times go in, and the journal grows.
struct SessionRecord: Sendable {
    /// What is told from here.
    static let kinds: [any EventKind.Type] = [
        SessionStateEvent.self, SessionUpdatedEvent.self, PresenceOwnEvent.self, ServerNoticeEvent.self,
        AlertReceivedEvent.self, PageReceivedEvent.self, PageFailedEvent.self,
    ]

    let id: String
    let backend: String
    let createdAt: Timestamp
    private(set) var account: String
    private(set) var displayName: String
    private(set) var verified: Bool?
    private(set) var state = SessionState.connecting
    private(set) var reason: SessionReason?
    /// What a session has none of that is online; nil for none of it.
    var absence: Shared<Absence>?
    private(set) var status: Presence = .offline
    private(set) var dialect: Dialect?
    /// What the server said of the account.
    var profile: Profile? { profileSaid?.value }
    /// Aside, as it is as large as a quarter of the rest, and many servers say none.
    private var profileSaid: Shared<Profile>?
    /// It is not online since the start of the process, and what the server says of the account is not known yet.
    private(set) var awaitsProfile = false
    /// Uptime at which the profile came, which is when `sl` of the Passport form begins (docs/protocol.md#passport-form).
    private(set) var profileReceivedAt: Duration?
    /// Changed by `SessionRecord+contacts` alone.
    var roster = Roster()
    /// Changes with the roster, so that what was encoded from it can be kept.
    var rosterRevision: UInt64 = 0
    private(set) var journal: Journal
    /// Whom to let in without asking, and who has been asked about.
    var requests = ContactRequests()
    /// What the store has not had; nil where it is to have nothing.
    var unsaved: UnsavedChanges?
    var conversations = ConversationBook()
    var hasSynchronized = false
    /// The uptime of the fact that is being applied.
    var uptime: Duration = .zero
    var mailbox = Mailbox()
    /// Who is there at the sign-in, of whom nobody was told yet.
    var arrivals = Arrivals()
    /// Everybody who was there after the sign-in was named together.
    var hasNamedAll = false
    /// The server has taken the password at least once.
    private(set) var hasBeenOnline = false
    /// The process is about to end, and what the server still says is nobody's news.
    private(set) var isSuspended = false
    /// It had ended, and goes on: its reader knows who was there before.
    private var isRevived = false
    /// The number of the last event when its client was made: one that has sent anything was told to be online after that, so
    /// that no two of a session have the same, whichever processes they are of.
    private var client: UInt64 = 0

    init(id: String, account: String, backend: String, createdAt: Timestamp, journal: Journal) {
        self.id = id
        self.account = account
        displayName = account
        self.backend = backend
        self.createdAt = createdAt
        self.journal = journal
    }

    /// Takes over what the server called the account in another process, where it had signed in.
    mutating func resume(_ settings: StoredSettings) {
        hasBeenOnline = true
        if let spelling = settings.spelling { account = spelling }
        verified = settings.verified
        dialect = settings.dialect.flatMap { Dialect(rawValue: Int($0)) }
    }

    var hasEnded: Bool { state == .ended }

    /// Whether it takes over what the server says; of what is sent otherwise nobody would know.
    var hears: Bool { !hasEnded && !isSuspended }

    /// Whether a sign-in of the same person brings it back: it has ended for want of a password alone, and nobody wanted that.
    var canBeRevived: Bool { hasEnded && reason == .credentialsNotKept && deletedAt == nil }

    /// Whether the dialect knows phone numbers; false until it is agreed on.
    var hasPhones: Bool { dialect.map { $0 >= .msnp5 } ?? false }

    /// The own phone properties; nil where the dialect has none.
    var phones: PhonesResource? { hasPhones ? PhonesResource(roster.phones) : nil }

    /// The contacts of this instant.
    var contactBook: ContactBook {
        ContactBook(roster: roster, hasPhones: hasPhones, hasEnded: hasEnded, revision: rosterRevision)
    }

    func resource(of contact: Contact) -> ContactResource { contactBook.resource(of: contact) }

    func resource(of page: SentPage) -> PageResource { PageResource(page, sentBy: client) }

    /// It gets a client, or another one.
    mutating func beginClient() { client = journal.head }

    /// The resource, but for when something was last received.
    ///
    /// - Parameter types: the events that tell of what is shown with it, which its cursor stands behind.
    func resource(telling types: EventType.Set = .session) -> SessionResource {
        SessionResource(
            id: id, account: account, displayName: displayName, verified: verified, state: state.rawValue,
            reason: reason, retryAt: retryAt, status: status.name, backend: backend, protocol: dialect?.name,
            createdAt: createdAt, lastReceivedAt: nil, cursor: journal.cursor(telling: types).text)
    }

    /// Ends it before or beside what the server says, with the gateway's own reason.
    mutating func end(_ reason: SessionReason, at now: Timestamp, uptime: Duration) {
        guard state != .ended else { return }
        self.uptime = uptime
        failPendingMessages(now)
        state = .ended
        endedAt = now
        self.reason = reason
        retryAt = nil
        retryUptime = nil
        // Nothing says "online" from now on (`ContactBook.hasEnded`).
        status = .offline
        rosterRevision += 1
        append(SessionStateEvent(state: state.rawValue, reason: reason, retryAt: nil), now)
    }

    /// Somebody wants it to end, or has done with one that has ended: it never comes back.
    mutating func delete(at now: Timestamp, uptime: Duration) {
        deletedAt = deletedAt ?? now
        end(.signedOut, at: now, uptime: uptime)
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
        guard state != .ended, !isSuspended else { return }
        self.uptime = uptime
        // What came before is told before.
        if case .initialPresence = event {} else { tellArrivals(now) }
        switch event {
        case .state(let next):
            state = next
            reason = nil
            retryAt = nil
            retryUptime = nil
            if next == .online {
                hasBeenOnline = true
                awaitsProfile = false
            }
            append(SessionStateEvent(state: next.rawValue, reason: nil, retryAt: nil), now)
        case .reconnecting(let end, let delay): lose(SessionReason(end), retryingAfter: delay, now)
        case .hurried:
            guard state == .reconnecting else { return }
            retryAt = nil
            retryUptime = nil
            append(SessionStateEvent(state: state.rawValue, reason: reason, retryAt: nil), now)
        case .negotiated(let dialect):
            // What contacts look like depends on it.
            if dialect != self.dialect {
                rosterRevision += 1
                unsaved?.hasSettings = true
            }
            self.dialect = dialect
        case .signedIn(let handle, let name, let bit):
            // MSNP6 brought the bit; what stands there in older dialects is something else.
            let verified = dialect.map { $0 >= .msnp6 } ?? true ? bit : nil
            let spelled = DisplayText.sanitized(handle)
            // Mostly it was typed so, and one text will do.
            if !ASCII.equals(spelled, account) { account = spelled }
            unsaved?.hasSettings = true
            let shown = name.isEmpty ? account : name
            let isNews = self.verified != verified || !ASCII.equals(displayName, shown)
            self.verified = verified
            displayName = shown
            if isNews { append(SessionUpdatedEvent(displayName: shown, verified: verified), now) }
        case .profile(let profile):
            profileReceivedAt = uptime
            guard profile != self.profile else { return }
            profileSaid = Shared(profile)
            append(SessionUpdatedEvent(profile: ProfileResource(profile)), now)
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
        case .initialPresence(let presence, let handle, let name) where isRevived:
            record(roster.apply(presence, of: handle, name: name), now)
        case .initialPresence(let presence, let handle, let name):
            note(PresenceFact(presence: presence, handle: handle, name: name), now)
        case .presence(let presence, let handle, let name):
            record(roster.apply(presence, of: handle, name: name), now)
        case .presenceSettled:
            completeArrivals(now)
            settleMail(now)
        case .ownPresence(let presence, let forced):
            guard presence != status else { return }
            status = presence
            append(PresenceOwnEvent(status: presence.name, forced: forced), now)
        case .ownDisplayName(let name):
            guard !name.isEmpty, !ASCII.equals(name, displayName) else { return }
            displayName = name
            append(SessionUpdatedEvent(displayName: name), now)
        case .systemMessage(let message):
            append(ServerNoticeEvent(kind: "maintenance", minutes: message.minutes.map(Int.init)), now)
        case .conversation(let event): apply(event, now)
        case .mail(let notification): apply(notification, now)
        case .alert(let document): append(AlertReceivedEvent(alert: document), now)
        case .page(let sender, let text):
            append(PageReceivedEvent(from: sender, text: text.value), now)
        case .pageFailed(let page, let failure): append(PageFailedEvent(resource(of: page), failure), now)
        case .ignored: break
        case .ended(let end):
            self.end = end
            self.end(SessionReason(end), at: now, uptime: uptime)
        }
    }

    /// The connection is gone; what was known of others stays until something else is known.
    private mutating func lose(_ reason: SessionReason, retryingAfter delay: Duration?, _ now: Timestamp) {
        state = .reconnecting
        self.reason = reason
        retryAt = delay.map { now.advanced(by: $0) }
        retryUptime = delay.map { uptime + $0 }
        roster.expectPresenceAnew()
        mailbox.expectAnew()
        append(SessionStateEvent(state: state.rawValue, reason: reason, retryAt: retryAt), now)
        // Others see us go, and nothing may say "online" over a dead connection.
        guard status != .offline else { return }
        status = .offline
        append(PresenceOwnEvent(status: status.name, forced: true), now)
    }

    /// Takes note of somebody who is there at the sign-in; false where that is not all there is to do.
    mutating func gather(_ fact: PresenceFact) -> Bool {
        guard hears, !isRevived, arrivals.hasRoom(for: fact) else { return false }
        arrivals.note(fact)
        return true
    }

    mutating func append(_ event: some EventKind, _ now: Timestamp) {
        journal.append(event, at: now, uptime: uptime)
    }

    /// Takes up what another process has left.
    mutating func restore(_ stored: StoredSession, through last: UInt64) {
        displayName = stored.displayName
        awaitsProfile = true
        state = stored.state == .ended ? .ended : .reconnecting
        reason = stored.reason.flatMap(SessionReason.init)
        endedAt = stored.endedAt.map(Timestamp.init)
        deletedAt = stored.deletedAt.map(Timestamp.init)
        journal.resume(through: last)
    }

    /// The process ends and the session does not: it comes back with the next one.
    mutating func suspend(at now: Timestamp, uptime: Duration) {
        guard state != .ended, !isSuspended else { return }
        self.uptime = uptime
        awaitReturn(now)
        isSuspended = true
    }

    /// It is away as the gateway was; told once, by the process that ends or by the next.
    mutating func awaitReturn(_ now: Timestamp) {
        guard state != .ended, reason != .gatewayShutdown else { return }
        lose(.gatewayShutdown, retryingAfter: nil, now)
    }

    /// The server has taken the password that was missing: the session goes on as one that was away.
    mutating func revive(at now: Timestamp, uptime: Duration) {
        guard canBeRevived else { return }
        self.uptime = uptime
        isRevived = true
        endedAt = nil
        // Nobody is shown as offline any more because of the end.
        rosterRevision += 1
        lose(.credentialsNotKept, retryingAfter: nil, now)
    }

    /// The events that the store has not had, with the number of the first.
    mutating func handEvents() -> (first: UInt64, [EncodedEvent]) { journal.hand() }

    /// The store has written events up to that number.
    mutating func wrote(through sequence: UInt64) { journal.wrote(through: sequence) }
}
