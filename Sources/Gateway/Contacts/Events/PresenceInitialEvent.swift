import MSNP

/// `presence.initial`: who is there when the session signs in, of those whom the server named together; the last one names
/// everybody once more, and says that these are all.
struct PresenceInitialEvent: EventKind {
    static let name = "presence.initial"

    /// Contacts of one event: the longest lists of the servers of that time were not much longer.
    static let mostContacts = 500
    /// Bytes of one event, so that a reader with little room gets on.
    static let mostBytes = 64 << 10
    /// Bytes of a contact, mostly.
    private static let likelyBytes = 96
    /// Bytes of them that are left to what stands around the contacts.
    private static let frame = 512

    /// The contacts as JSON, with commas between them, and how many they are.
    private var contacts: [UInt8] = []
    private var count = 0
    /// Whoever is not named is offline.
    private let complete: Bool

    /// The events that tell of contacts: one, unless they are too many or too long for it.
    static func events(_ contacts: some Collection<ContactResource>) -> [PresenceInitialEvent] {
        var events: [PresenceInitialEvent] = []
        var event = PresenceInitialEvent(complete: false, contacts.count)
        var json = JSONWriter()
        for contact in contacts {
            json.clear()
            Person(contact: contact).write(to: &json)
            if !event.hasRoom(for: json.bytes) {
                if event.count > 0 { events.append(event) }
                event = PresenceInitialEvent(complete: false, contacts.count)
            }
            event.add(json.bytes)
        }
        if event.count > 0 { events.append(event) }
        return events
    }

    /// The event that names everybody who is there; nil where they are too many or too long for one.
    static func all(_ contacts: some Collection<ContactResource>) -> PresenceInitialEvent? {
        var event = PresenceInitialEvent(complete: true, contacts.count)
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

    var repeated: [UInt8]? { contacts }

    /// - Parameter likely: how many are to be added.
    private init(complete: Bool, _ likely: Int) {
        self.complete = complete
        contacts.reserveCapacity(min(likely * Self.likelyBytes, Self.mostBytes))
    }

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
