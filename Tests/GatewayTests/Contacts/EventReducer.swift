import MSNP
import Testing

@testable import Gateway

/// What a client knows that begins with a snapshot and follows the events: written by the API's description alone.
struct EventReducer: Equatable {
    private(set) var session: [String: JSONValue] = [:]
    private(set) var contacts: [String: [String: JSONValue]] = [:]
    private(set) var privacy: JSONValue?
    private(set) var phones: JSONValue?
    /// The `seq` of the last event that it knows of.
    private(set) var sequence: UInt64

    /// Begins with a snapshot.
    init(_ snapshot: TestAnswer) throws {
        try #require(snapshot.status == 200, "\(snapshot.text)")
        let cursor = try snapshot.string("cursor")
        #expect(try snapshot.string("session", "cursor") == cursor)
        sequence = try #require(Cursor(parsing: cursor)).sequence
        guard var session = snapshot.value("session")?.members,
            case .array(let contacts) = snapshot.value("contacts")
        else { throw TestError("not a snapshot: \(snapshot.text)") }
        // Moves without an event: that something came is not what came.
        for name in ["cursor", "lastReceivedAt"] { session[name] = nil }
        self.session = session
        privacy = snapshot.value("privacy")
        phones = snapshot.value("phones")
        for contact in contacts { try put(contact) }
        #expect(self.contacts.count == contacts.count, "an account twice")
    }

    /// Follows what came after, up to a number; what came before is in the snapshot.
    ///
    /// A snapshot is compared with what led to it, and not with what came while somebody read on.
    mutating func follow(_ events: [[String: JSONValue]], upTo last: UInt64 = .max) throws {
        for event in events {
            guard case .number(let number) = event["seq"] else { throw TestError("no seq in \(event)") }
            guard UInt64(number) > sequence, UInt64(number) <= last else { continue }
            #expect(UInt64(number) == sequence + 1, "an event is missing")
            sequence = UInt64(number)
            try follow(event["type"]?.text ?? "", event["data"] ?? .null)
        }
    }

    private mutating func follow(_ type: String, _ data: JSONValue) throws {
        switch type {
        case "session.state":
            for name in ["state", "reason", "retryAt"] { session[name] = data[name] }
            guard data["state"]?.text == "ended" else { return }
            session["status"] = .string("offline")
            for account in contacts.keys { contacts[account]?["status"] = .string("offline") }
        case "session.updated":
            for name in ["displayName", "verified"] where data[name] != nil { session[name] = data[name] }
        case "presence.own": session["status"] = data["status"]
        case "contact.added":
            let contact = try #require(data["contact"])
            #expect(contacts[try key(contact)] == nil, "added twice: \(contact)")
            try put(contact)
        case "contact.updated":
            let contact = try #require(data["contact"])
            #expect(contacts[try key(contact)] != nil, "updated without being there: \(contact)")
            try put(contact)
        case "contact.removed":
            let contact = try #require(data["contact"])
            #expect(contacts.removeValue(forKey: try key(contact)) != nil, "removed without being there: \(contact)")
        case "presence.initial":
            guard case .array(let told) = data["contacts"] else { throw TestError("nobody in \(data)") }
            if data["complete"] == .bool(true) {
                let named = Set(try told.map(key))
                #expect(contacts.allSatisfy { named.contains($0.key) || $0.value["status"] == .string("offline") })
            }
            for contact in told {
                contacts[try key(contact)]?["status"] = contact["status"]
                contacts[try key(contact)]?["displayName"] = contact["displayName"]
            }
        case "presence.changed":
            let key = try key(data)
            #expect(contacts[key]?["status"] == data["previous"])
            contacts[key]?["status"] = data["status"]
            contacts[key]?["displayName"] = data["displayName"]
        case "contact.request":
            #expect(contacts[try key(data)]?["pending"] == .bool(true))
        case "privacy.changed": privacy = data
        case "phones.changed": phones = data
        // Mail that nobody tells of for a while counts as read, which on a slow machine happens here too.
        case "server.notice", "mail.status": break
        default: throw TestError("an event that nobody told of: \(type)")
        }
    }

    private mutating func put(_ contact: JSONValue) throws {
        guard let members = contact.members else { throw TestError("not a contact: \(contact)") }
        contacts[try key(contact)] = members
    }

    private func key(_ contact: JSONValue) throws -> String {
        try #require(contact["account"]?.text).lowercased()
    }
}

extension OpenedSession {
    /// All events after a cursor, by as many polls as it takes.
    func history(after cursor: String) async throws -> [[String: JSONValue]] {
        var events: [[String: JSONValue]] = []
        var next = cursor
        while true {
            let page = await get("/events?after=\(next)&wait=0&limit=500")
            try #require(page.status == 200, "\(page.text)")
            events += page.events
            next = try page.string("next")
            if page.value("more") != .bool(true) { return events }
        }
    }
}
