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

    @Test("Lists may name people in any order, and more than once; whoever is named first is told first")
    func orders() {
        var roster = Roster()
        let lists = Self.lists([
            .forward: ["b@x.y", "A@x.y", "c@x.y", "B@x.y"], .allow: ["c@x.y", "a@x.y", "d@x.y", "c@x.y"],
            .reverse: ["e@x.y", "d@x.y", "b@x.y"],
        ])
        let told = roster.apply(lists).compactMap { change in
            if case .contactAdded(let contact) = change { contact } else { nil }
        }
        #expect(told.map(\.account) == ["b@x.y", "A@x.y", "c@x.y", "d@x.y", "e@x.y"])
        #expect(roster.contacts.all.map(\.account) == ["A@x.y", "b@x.y", "c@x.y", "d@x.y", "e@x.y"])
        let expected: [ListMembership] = [
            [.forward, .allow], [.forward, .reverse], [.forward, .allow], [.allow, .reverse], .reverse,
        ]
        #expect(roster.contacts.all.map(\.lists) == expected)
        var partial = Self.lists([.block: ["c@x.y", "f@x.y"], .allow: ["b@x.y"]])
        partial.isPartial = true
        _ = roster.apply(partial)
        #expect(roster.contact("c@x.y")?.lists == [.forward, .allow, .block])
        #expect(roster.contact("b@x.y")?.lists == [.forward, .allow, .reverse])
        #expect(roster.contact("f@x.y")?.lists == .block && roster.contacts.count == 6)
    }

    @Test("Presence told together says who is there otherwise than before, once each, and the names by themselves")
    func together() {
        var roster = Roster()
        _ = roster.apply(Self.lists([.forward: ["a@x.y", "b@x.y", "c@x.y"], .allow: ["d@x.y"]]))
        func fact(_ account: String, _ presence: Presence, _ name: String = "Bob") -> PresenceFact {
            PresenceFact(presence: presence, handle: account, name: name)
        }
        let (come, others) = roster.apply([
            fact("c@x.y", .away), fact("d@x.y", .online), fact("B@x.y", .online, "Bea"), fact("c@x.y", .busy),
            fact("a@x.y", .online), fact("a@x.y", .offline), fact("nobody@x.y", .online),
        ])
        #expect(come.map(\.account) == ["c@x.y", "b@x.y"])
        #expect(come.map(\.presence) == [.busy, .online])
        #expect(come.last?.displayName == "Bea")
        var renamed = come.last
        renamed?.presence = .offline
        #expect(others == renamed.map { [.contactUpdated($0)] })
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
