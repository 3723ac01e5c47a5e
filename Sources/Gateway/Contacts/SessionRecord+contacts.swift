import DequeModule
import MSNP

/// What happens to contacts and settings: applied to the roster, and told.
extension SessionRecord {
    /// What is told from here.
    static let contactKinds: [any EventKind.Type] = [
        PresenceChangedEvent.self, ContactAddedEvent.self, ContactUpdatedEvent.self, ContactRemovedEvent.self,
        ContactRequestEvent.self, PrivacyChangedEvent.self, PhonesChangedEvent.self,
    ]

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

    /// Takes note of the lists that a session begins with, for the store alone.
    mutating func note(_ changes: some Sequence<RosterChange>) {
        for change in changes { unsaved?.note(change) }
    }

    /// The store has heard of all lists, so that what is different after a restart is news.
    mutating func endNoting() {
        unsaved?.isComplete = true
        unsaved?.hasSettings = true
    }

    /// Writes down what has changed in the roster; nothing once the session has ended.
    mutating func tell(_ changes: some Sequence<RosterChange>, _ now: Timestamp) {
        guard !hasEnded else { return }
        record(Array(changes), now)
    }

    mutating func record(_ changes: [RosterChange], _ now: Timestamp) {
        guard !changes.isEmpty else { return }
        rosterRevision += 1
        for change in changes { record(change, now) }
    }

    /// The same of what one word about somebody's presence changed.
    mutating func record(_ changes: PresenceChanges, _ now: Timestamp) {
        guard !changes.isEmpty else { return }
        rosterRevision += 1
        for change in changes { record(change, now) }
    }

    private mutating func record(_ change: RosterChange, _ now: Timestamp) {
        unsaved?.note(change)
        switch change {
        case .contactAdded(let contact):
            append(ContactAddedEvent(contact: resource(of: contact)), now)
        case .contactUpdated(let contact):
            requests.changed(contact)
            append(ContactUpdatedEvent(contact: resource(of: contact)), now)
        case .contactRemoved(let contact):
            requests.removed(contact)
            append(ContactRemovedEvent(contact: resource(of: contact)), now)
        case .presenceChanged(let contact, let previous):
            append(PresenceChangedEvent(contact, previous: previous), now)
        case .contactRequested(let contact):
            switch roster.addPrompt {
            case .ask: announce(contact, now)
            case .allowSilently: requests.letInLater(contact)
            }
        case .privacyChanged: append(PrivacyChangedEvent(privacy: PrivacyResource(roster)), now)
        case .phonesChanged: append(PhonesChangedEvent(phones: PhonesResource(roster.phones)), now)
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
        unsaved?.note(.contactUpdated(contact))
        let resource = resource(of: contact)
        append(ContactRequestEvent(account: resource.account, displayName: resource.displayName), now)
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
}
