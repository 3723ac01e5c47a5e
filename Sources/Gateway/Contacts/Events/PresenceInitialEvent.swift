import MSNP

/// `presence.initial`: who is there when the session signs in, of those whom the server named together; the last one names
/// everybody once more, and says that these are all.
struct PresenceInitialEvent: EventKind {
    static let name = "presence.initial"

    /// Contacts of one event: the longest lists of the servers of that time were not much longer.
    static let mostContacts = 500
    /// Bytes of one event, so that a reader with little room gets on.
    static let mostBytes = 64 << 10
    /// Bytes of them that are left to what stands around the contacts.
    private static let frame = 512

    /// The contacts as JSON, with commas between them, and how many they are.
    private var contacts: [UInt8] = []
    private var count = 0
    /// Whoever is not named is offline.
    private let complete: Bool

    /// The events that tell of contacts: one, unless they are too many or too long for it.
    static func events(_ contacts: [ContactResource]) -> [PresenceInitialEvent] {
        var events: [PresenceInitialEvent] = []
        var json = JSONWriter()
        for contact in contacts {
            json.clear()
            Person(contact: contact).write(to: &json)
            let encoded = json.bytes
            if events.last?.hasRoom(for: encoded) != true { events.append(PresenceInitialEvent(complete: false)) }
            events[events.count - 1].add(encoded)
        }
        return events
    }

    /// The event that names everybody who is there; nil where they are too many or too long for one.
    static func all(_ contacts: some Sequence<ContactResource>) -> PresenceInitialEvent? {
        var event = PresenceInitialEvent(complete: true)
        var json = JSONWriter()
        for contact in contacts {
            json.clear()
            Person(contact: contact).write(to: &json)
            guard event.hasRoom(for: json.bytes) else { return nil }
            event.add(json.bytes)
        }
        return event
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("complete", complete)
        json.member("contacts") { json in json.list { json in if count > 0 { json.item(encoded: contacts) } } }
    }

    private init(complete: Bool) { self.complete = complete }

    private func hasRoom(for contact: [UInt8]) -> Bool {
        count < Self.mostContacts && Self.frame + contacts.count + 1 + contact.count < Self.mostBytes
    }

    private mutating func add(_ contact: [UInt8]) {
        if count > 0 { contacts.append(UInt8(ascii: ",")) }
        contacts += contact
        count += 1
    }

    private struct Person: JSONObject {
        let contact: ContactResource

        func writeMembers(to json: inout JSONWriter) {
            json.member("account", contact.account)
            json.member("displayName", contact.displayName)
            json.member("status", contact.status)
        }
    }
}
