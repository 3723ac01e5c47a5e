import Testing

@testable import MSNP

/// What facts change in a roster, and what is said of it.
@Suite struct RosterTests {
    private static func lists(_ lists: [ListName: [String]]) -> SynchronizedLists {
        var result = SynchronizedLists(version: 1)
        for (list, handles) in lists { result.members[list] = handles.map { ListMember(handle: $0, name: "Bob") } }
        return result
    }

    private static var withBob: Roster {
        var roster = Roster()
        let bob = ["bob@example.com"]
        _ = roster.apply(lists([.forward: bob, .allow: bob, .reverse: bob]))
        _ = roster.apply(.online, of: "bob@example.com", name: nil)
        _ = roster.set(.home, of: "bob@example.com", to: "555")
        return roster
    }

    @Test("Whoever is removed is on no list, offline and without numbers, live and by a synchronisation")
    func removed() {
        let gone = [RosterChange.contactRemoved(Contact(account: "bob@example.com", displayName: "Bob"))]
        var synchronized = Self.withBob
        #expect(synchronized.apply(Self.lists([:])) == gone)
        #expect(synchronized.contacts.isEmpty)
        for last in [ListName.forward, .allow, .reverse] {
            var live = Self.withBob
            for list in [ListName.forward, .allow, .reverse] where list != last {
                _ = live.remove("bob@example.com", from: list, version: nil)
            }
            #expect(live.remove("bob@example.com", from: last, version: nil) == gone)
        }
    }

    @Test("A presence that brings another name is a contact's update; presence changes alone are presence")
    func renamed() throws {
        var roster = Self.withBob
        let before = try #require(roster.contact("bob@example.com"))
        var renamed = before
        renamed.displayName = "Robert"
        #expect(Array(roster.apply(.online, of: "bob@example.com", name: "Robert")) == [.contactUpdated(renamed)])
        #expect(roster.apply(.online, of: "bob@example.com", name: "Robert").isEmpty)
        var away = renamed
        away.presence = .away
        #expect(
            Array(roster.apply(.away, of: "bob@example.com", name: "Robert"))
                == [.presenceChanged(away, previous: .online)])
        // Both at once are two changes, each of which leads on from the one before.
        var bobby = away
        bobby.displayName = "Bobby"
        var back = bobby
        back.presence = .online
        #expect(
            Array(roster.apply(.online, of: "bob@example.com", name: "Bobby"))
                == [.contactUpdated(bobby), .presenceChanged(back, previous: .away)])
        #expect(roster.contact("bob@example.com") == back)
    }
}
