/// The account's contacts and settings as last heard from the server.
///
/// Facts go in, changes come out. Presence may be told many times and from several commands
/// (docs/protocol.md#contacts-presence), so a change is reported only when something is different afterwards.
package struct Roster: Equatable, Sendable {
    /// Everybody on any list.
    package private(set) var contacts = ContactTable()
    package private(set) var privacy = PrivacyMode.allow
    package private(set) var addPrompt = AddPrompt.ask
    package private(set) var phones = ContactPhones()
    /// The list version last heard (docs/protocol.md#list-version).
    package private(set) var version: UInt32 = 0
    /// The contacts whose presence was told since the connection was replaced; nil when the roster does not wait for
    /// that.
    private var told: Set<HandleKey>?

    package init() {}

    /// Contacts and settings that were kept, with everybody offline: presence has to be told anew.
    package init(
        kept contacts: [Contact], privacy: PrivacyMode, addPrompt: AddPrompt, phones: ContactPhones, version: UInt32
    ) {
        var gathering = ContactGathering()
        gathering.reserveCapacity(contacts.count)
        for contact in contacts { gathering.put(contact) }
        self.contacts = ContactTable(gathering.rows)
        self.privacy = privacy
        self.addPrompt = addPrompt
        self.phones = phones
        self.version = version
        expectPresenceAnew()
    }

    /// The contact with this handle, in whatever capitals.
    package func contact(_ handle: String) -> Contact? { contacts[Handle.fold(handle)] }

    /// The contact of that account.
    package func contact(_ account: HandleKey) -> Contact? { contacts[account] }

    /// The people who wait for an answer, by account.
    package var pending: [Contact] {
        contacts.all { $1.isPending }
    }

    /// Those who are there, by account.
    package var present: [Contact] {
        contacts.all { presence, _ in presence != .offline }
    }

    /// Takes over a complete synchronisation.
    package mutating func apply(_ lists: SynchronizedLists) -> [RosterChange] {
        // Lists that broke off say nothing about people whom they do not name.
        var fresh = ContactGathering(lists.isPartial ? contacts : ContactTable())
        fresh.reserveCapacity(lists.members.values.reduce(0) { max($0, $1.count) })
        for list in ListName.allCases {
            for member in lists.members[list] ?? [] { fresh.take(member, on: list) }
        }
        var changes: [RosterChange] = []
        for key in contacts.keys(where: { key, _ in !fresh.has(key) }) {
            if let gone = contacts[key] { changes.append(.contactRemoved(gone.removed)) }
        }
        changes.reserveCapacity(changes.count + fresh.named.count)
        for place in fresh.named {
            let key = fresh.rows[place].key
            if let phones = lists.contactPhones[key] {
                fresh.rows[place].contact.phones = phones
            } else if !lists.isPartial {
                fresh.rows[place].contact.forgetPhones()
            }
            let known = contacts[key]
            if let known, fresh.rows[place].contact.lists.contains(.forward) {
                fresh.rows[place].contact.presence = known.presence
            }
            let contact = fresh.rows[place].contact
            guard known != contact else { continue }
            changes.append(known == nil ? .contactAdded(contact) : .contactUpdated(contact))
            if contact.isPending, known?.isPending != true { changes.append(.contactRequested(contact)) }
        }
        contacts = ContactTable(fresh.takeRows())
        version = lists.version
        let before = (privacy, addPrompt)
        privacy = lists.privacy ?? privacy
        addPrompt = lists.addPrompt ?? addPrompt
        // For listeners both are one change.
        if before != (privacy, addPrompt) { changes.append(.privacyChanged) }
        if lists.phones != phones {
            phones = lists.phones
            changes.append(.phonesChanged)
        }
        return changes
    }

    /// `ADD`: somebody is now on a list.
    package mutating func add(_ member: ListMember, to list: ListName, version: UInt32?) -> [RosterChange] {
        if let version { self.version = version }
        let key = Handle.fold(member.handle)
        let name = DisplayText.sanitized(member.name)
        guard var contact = contacts[key] else {
            // Ignores what a server that adds people without end would add.
            guard contacts.count < WireLimits.listEntries else { return [] }
            var contact = Contact(account: DisplayText.sanitized(member.handle), displayName: name)
            contact.lists = ListMembership(list)
            contacts[key] = contact
            return [.contactAdded(contact)] + (contact.isPending ? [.contactRequested(contact)] : [])
        }
        let wasPending = contact.isPending
        contact.lists.insert(ListMembership(list))
        if !name.isEmpty, list == .forward || list == .reverse || contact.displayName.isEmpty {
            contact.displayName = name
        }
        guard contact != contacts[key] else { return [] }
        contacts[key] = contact
        return [.contactUpdated(contact)] + (contact.isPending && !wasPending ? [.contactRequested(contact)] : [])
    }

    /// `REM`: somebody is no longer on a list, and no longer a contact once on none.
    package mutating func remove(_ handle: String, from list: ListName, version: UInt32?) -> [RosterChange] {
        if let version { self.version = version }
        let key = Handle.fold(handle)
        guard var contact = contacts[key], contact.lists.contains(ListMembership(list)) else { return [] }
        contact.lists.remove(ListMembership(list))
        if list == .forward {
            contact.presence = .offline
            // Phone numbers are known only of people on the forward list.
            contact.phones = ContactPhones()
        }
        if contact.lists.isEmpty {
            contacts[key] = nil
            return [.contactRemoved(contact.removed)]
        }
        contacts[key] = contact
        return [.contactUpdated(contact)]
    }

    /// `REA` of a contact: the name that our lists keep for it.
    package mutating func rename(_ member: ListMember, version: UInt32?) -> [RosterChange] {
        if let version { self.version = version }
        let name = DisplayText.sanitized(member.name)
        guard !name.isEmpty else { return [] }
        return update(member.handle) { $0.displayName = name }
    }

    /// `ILN`, `NLN` and `FLN`, in any order and any number; people who are not on the forward list are passed over.
    package mutating func apply(_ presence: Presence, of handle: String, name: String?) -> PresenceChanges {
        apply(presence, of: Handle.fold(handle), name: name)
    }

    private mutating func apply(_ presence: Presence, of key: HandleKey, name: String?) -> PresenceChanges {
        contacts.find(key).map { apply(presence, of: key, at: $0, name: name) } ?? PresenceChanges()
    }

    private mutating func apply(
        _ presence: Presence, of key: HandleKey, at place: Int, name: String?
    ) -> PresenceChanges {
        let known = contacts[at: place, of: key]
        guard known.lists.contains(.forward) else { return PresenceChanges() }
        told?.insert(key)
        var contact = known
        // Servers never tell HDN of others; one that does means what others see.
        contact.presence = presence == .appearOffline ? .offline : presence
        if let name, !name.isEmpty { contact.displayName = DisplayText.sanitized(name) }
        guard contact != known else { return PresenceChanges() }
        contacts[at: place, of: key] = contact
        // The name first, with everything else as before: each change says one thing.
        var changes = PresenceChanges()
        if contact.displayName != known.displayName {
            var renamed = contact
            renamed.presence = known.presence
            changes.renamed = .contactUpdated(renamed)
        }
        if contact.presence != known.presence {
            changes.shown = .presenceChanged(contact, previous: known.presence)
        }
        return changes
    }

    /// Presence of many people that is told together: all who are there otherwise than before, as they are now, in the order in
    /// which that was said first; and what else has changed.
    package mutating func apply(_ facts: [PresenceFact]) -> (come: [Contact], others: [RosterChange]) {
        var others: [RosterChange] = []
        // Presence moves nobody in the table, so that a place says who it was.
        var before: [(place: Int, key: HandleKey, presence: Presence)] = []
        before.reserveCapacity(facts.count)
        var isNoted = [Bool](repeating: false, count: contacts.count)
        for fact in facts {
            let key = Handle.fold(fact.handle)
            guard let place = contacts.find(key) else { continue }
            for change in apply(fact.presence, of: key, at: place, name: fact.name) {
                guard case .presenceChanged(_, let previous) = change else {
                    others.append(change)
                    continue
                }
                guard !isNoted[place] else { continue }
                isNoted[place] = true
                before.append((place, key, previous))
            }
        }
        var come: [Contact] = []
        come.reserveCapacity(before.count)
        for (place, key, presence) in before where contacts.presence(at: place) != presence {
            come.append(contacts[at: place, of: key])
        }
        return (come, others)
    }

    /// `BPR`: a contact's phone property.
    package mutating func set(_ property: PhoneProperty, of handle: String, to value: String?) -> [RosterChange] {
        // Whether a contact has registered a device is not shown.
        guard property != .mobileEnabled else { return [] }
        return update(handle) { $0.phones.set(property, to: value) }
    }

    /// `PRP`: a phone property of our own.
    package mutating func setOwn(_ property: PhoneProperty, to value: String?) -> [RosterChange] {
        var changed = phones
        changed.set(property, to: value)
        guard changed != phones else { return [] }
        phones = changed
        return property == .mobileEnabled ? [] : [.phonesChanged]
    }

    /// `BLP`: what applies to people on no list.
    package mutating func apply(privacy value: PrivacyMode) -> [RosterChange] {
        guard value != privacy else { return [] }
        privacy = value
        return [.privacyChanged]
    }

    /// `GTC`: whether to ask before people may see us.
    package mutating func apply(addPrompt value: AddPrompt) -> [RosterChange] {
        guard value != addPrompt else { return [] }
        addPrompt = value
        return [.privacyChanged]
    }

    /// Begins a new connection: presence known so far has to be told again.
    ///
    /// The cost does not depend on the number of contacts.
    package mutating func expectPresenceAnew() { told = [] }

    /// Whether that wait is not over.
    package var expectsPresence: Bool { told != nil }

    /// Ends that wait: contacts that were not told again are offline (docs/protocol.md#own-status: no `ILN` means offline).
    package mutating func settlePresence() -> [RosterChange] {
        guard let told else { return [] }
        self.told = nil
        let missing = contacts.keys { key, contact in contact.presence != .offline && !told.contains(key) }
        return missing.flatMap { apply(.offline, of: $0, name: nil) }
    }

    private mutating func update(_ handle: String, _ change: (inout Contact) -> Void) -> [RosterChange] {
        let key = Handle.fold(handle)
        guard let known = contacts[key] else { return [] }
        var contact = known
        change(&contact)
        guard contact != known else { return [] }
        contacts[key] = contact
        return [.contactUpdated(contact)]
    }
}

/// A change of the roster by a fact from the server; a fact that changes nothing is not reported.
package enum RosterChange: Equatable, Sendable {
    case contactAdded(Contact)
    /// Lists, name or phone numbers.
    case contactUpdated(Contact)
    /// The contact as it is now: on no list, and offline.
    case contactRemoved(Contact)
    /// A contact came, went, or shows itself differently.
    case presenceChanged(Contact, previous: Presence)
    /// Somebody put us on their list and waits for an answer (docs/protocol.md#requests).
    case contactRequested(Contact)
    case privacyChanged
    case phonesChanged
}

/// What one word about somebody's presence changes: a name, a status, both, or nothing.
///
/// No array, as it is in every event.
package struct PresenceChanges: Sequence, IteratorProtocol {
    fileprivate(set) var renamed: RosterChange?
    fileprivate(set) var shown: RosterChange?

    /// Takes the next one out.
    package mutating func next() -> RosterChange? {
        if let renamed {
            self.renamed = nil
            return renamed
        }
        defer { shown = nil }
        return shown
    }

    /// Whether nothing has changed.
    package var isEmpty: Bool { renamed == nil && shown == nil }
}

extension Contact {
    /// A list names the contact.
    mutating func take(_ member: ListMember, on list: ListName) {
        lists.insert(ListMembership(list))
        // The name on the forward list wins, because people see that one.
        if displayName.isEmpty { displayName = DisplayText.sanitized(member.name) }
    }
}
