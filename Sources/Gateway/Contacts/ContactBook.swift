import MSNP

/// The contacts of a session at one instant, to be sorted and encoded while nobody waits for the session's lock.
///
/// Taking one costs the same however many there are.
struct ContactBook: Sendable {
    let roster: Roster
    let hasPhones: Bool
    /// Nothing says "online" any more; that everybody is offline is what the end means, and no event for each.
    let hasEnded: Bool
    /// The state that it was taken of.
    let revision: UInt64

    /// A contact as it is shown.
    func shown(_ contact: Contact) -> Contact {
        guard hasEnded else { return contact }
        var contact = contact
        contact.presence = .offline
        return contact
    }

    func resource(of contact: Contact) -> ContactResource { ContactResource(shown(contact), hasPhones: hasPhones) }

    /// Those that are wanted, by account.
    func resources(where isWanted: (Contact) -> Bool = { _ in true }) -> [ContactResource] {
        roster.contacts.all.map(shown).filter(isWanted).map { ContactResource($0, hasPhones: hasPhones) }
    }
}
