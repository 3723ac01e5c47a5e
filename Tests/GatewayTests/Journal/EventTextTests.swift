import MSNP
import TestSupport
import Testing

@testable import Gateway

/// Events that have most of their bytes in common.
@Suite struct EventTextTests {
    private let people = [UInt8]((0..<40).map { "person\($0)" }.joined(separator: ",").utf8)

    private func text(_ lead: String, _ end: String) -> [UInt8] { Array(lead.utf8) + people + Array(end.utf8) }

    @Test("What stands in an earlier event too is kept once, and read with the same bytes")
    func sharing() throws {
        let (first, second) = (text("{some ", " 1}"), text("{all of them ", " number 2}"))
        let shared = try #require(EventText(second, sharing: people, with: EventText(first)))
        #expect(shared.bytes == second)
        #expect(shared.count == second.count)
        #expect(shared.own == second.count - people.count)
        #expect(EventText(second, sharing: people, with: shared) == nil, "only a whole text is shared")
    }

    @Test("What is not the same, little, or a small part of the other is not shared")
    func others() {
        let second = text("{", "}")
        #expect(EventText(second, sharing: people, with: EventText(Array(text("{", "}").dropFirst(9)))) == nil)
        #expect(EventText(second, sharing: people, with: EventText([])) == nil)
        #expect(EventText(second, sharing: Array(people.prefix(9)), with: EventText(second)) == nil)
        let far = String(repeating: "-", count: 1_000)
        #expect(EventText(second, sharing: people, with: EventText(text(far, ""))) == nil)
        #expect(EventText(second, sharing: people, with: EventText(text("", far))) == nil)
    }

    private func contacts(_ status: Presence) -> [ContactResource] {
        (0..<20).map { number in
            var contact = Contact(account: "somebody-\(number)@example.com", displayName: "Number \(number)")
            contact.presence = status
            return ContactResource(contact, hasPhones: true)
        }
    }

    @Test("The event that names everybody shares those whom the one before it named, and outlives it")
    func journal() throws {
        var limits = JournalLimits()
        limits.events = 2
        func append(_ complete: Presence, to journal: inout Journal) throws {
            let event = try #require(PresenceInitialEvent.all(contacts(complete)))
            journal.append(event, at: Timestamp(milliseconds: 0), uptime: .zero)
        }
        func began() throws -> Journal {
            var journal = Journal(sessionID: "s", epoch: "abcdefgh", limits: limits)
            let first = try #require(PresenceInitialEvent.events(contacts(.busy)).first)
            journal.append(first, at: Timestamp(milliseconds: 0), uptime: .zero)
            return journal
        }
        // Alone in its journal it shares nothing.
        var alone = Journal(sessionID: "s", epoch: "abcdefgh", limits: limits)
        alone.append(PresenceOwnEvent(status: "busy", forced: true), at: Timestamp(milliseconds: 0), uptime: .zero)
        try append(.busy, to: &alone)
        let whole = try #require(alone.entry(2)).json

        var journal = try began()
        try append(.busy, to: &journal)
        let entry = try #require(journal.entry(2))
        #expect(entry.json == whole)
        #expect(entry.size == whole.count)
        #expect(entry.own < whole.count / 4)
        #expect(journal.read(after: 1, .everything, limit: 9).events == [whole])
        #expect(journal.bytes == whole.count + (try #require(journal.entry(1)).size))
        journal.append(PresenceOwnEvent(status: "idle", forced: true), at: Timestamp(milliseconds: 0), uptime: .zero)
        #expect(journal.entry(1) == nil)
        #expect(journal.entry(2)?.json == whole)

        // Somebody has changed since.
        var changed = try began()
        try append(.idle, to: &changed)
        let other = try #require(changed.entry(2))
        #expect(other.own == other.size)
        #expect(other.json != whole)
    }
}
