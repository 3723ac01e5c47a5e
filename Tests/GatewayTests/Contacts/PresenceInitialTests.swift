import Foundation
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Who is there when the session signs in is one event.
@Suite struct PresenceInitialTests {
    /// A session that is online, with some people on its forward list.
    private struct Stage {
        var record: SessionRecord
        private var position: UInt64 = 0

        init(_ names: [String] = ["Bob", "Carol"]) {
            record = SessionRecord(
                id: "s", account: "alice@example.com", backend: "b", createdAt: Timestamp(milliseconds: 0),
                journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
            hear(.negotiated(.msnp6))
            var lists = SynchronizedLists(version: 1)
            lists.members[.forward] = names.map { ListMember(handle: Self.account($0), name: $0) }
            var roster = Roster()
            _ = roster.apply(lists)
            _ = record.adopt(roster)
            hear(.state(.online))
            _ = news()
        }

        static func account(_ name: String) -> String { "\(name.prefix(9).lowercased())@example.com" }

        mutating func hear(_ event: SessionEvent) {
            record.apply(event, at: Timestamp(milliseconds: 0), uptime: .zero)
        }

        mutating func initial(_ presence: Presence, _ name: String, called: String? = nil) {
            hear(.initialPresence(presence, handle: Self.account(name), name: called ?? name))
        }

        mutating func presence(_ presence: Presence, _ name: String) {
            hear(.presence(presence, handle: Self.account(name), name: name))
        }

        mutating func tell() { record.tellArrivals(Timestamp(milliseconds: 0)) }

        /// Type and data of each event since this was asked last.
        mutating func news() -> [String] {
            let page = record.journal.read(after: position, .everything, limit: 1_000)
            position = page.next.sequence
            return Self.events(page)
        }

        /// Type and data of each event of a page.
        static func events(_ page: JournalPage) -> [String] {
            page.events.map { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                let data = text.dropFirst(#"{"data":"#.count).split(separator: #","id":""#).first ?? ""
                let type = text.split(separator: #""type":""#).last?.prefix { $0 != "\"" } ?? ""
                return "\(type) \(data)"
            }
        }
    }

    private static func person(_ name: String, _ status: String) -> String {
        #"{"account":"\#(name.lowercased())@example.com","displayName":"\#(name)","status":"\#(status)"}"#
    }

    private static func change(_ name: String, from previous: String, to status: String) -> String {
        let account = "\(name.lowercased())@example.com"
        return
            #"presence.changed {"account":"\#(account)","displayName":"\#(name)","previous":"\#(previous)","status":"\#(status)"}"#
    }

    private static func initial(_ people: [String]) -> String {
        #"presence.initial {"complete":false,"contacts":[\#(people.joined(separator: ","))]}"#
    }

    /// What says that nobody else is there.
    private static func all(_ people: String...) -> String {
        #"presence.initial {"complete":true,"contacts":[\#(people.joined(separator: ","))]}"#
    }

    @Test("All who are told together are in one event, with what it says of the rest")
    func together() {
        var stage = Stage()
        stage.initial(.away, "Bob")
        stage.initial(.online, "Carol")
        stage.initial(.online, "Stranger")
        #expect(stage.news().isEmpty)
        #expect(stage.record.roster.contact("bob@example.com")?.presence == .offline, "state and event come at once")
        stage.tell()
        #expect(
            stage.news() == [
                Self.initial([Self.person("Bob", "away"), Self.person("Carol", "online")])
            ])
        #expect(stage.record.roster.contact("bob@example.com")?.presence == .away)
        stage.tell()
        #expect(stage.news().isEmpty)
    }

    @Test("Whatever else happens comes after those who were told before it")
    func inOrder() {
        var stage = Stage()
        stage.initial(.away, "Bob")
        stage.presence(.busy, "Bob")
        stage.initial(.online, "Carol")
        stage.hear(.ownDisplayName("Al"))
        #expect(
            stage.news() == [
                Self.initial([Self.person("Bob", "away")]),
                Self.change("Bob", from: "away", to: "busy"),
                Self.initial([Self.person("Carol", "online")]),
                #"session.updated {"displayName":"Al"}"#,
            ])
    }

    @Test("A pause among those who are named is no end, and neither is something else that happens")
    func pause() {
        var stage = Stage()
        stage.initial(.away, "Bob")
        stage.tell()
        stage.hear(.ownDisplayName("Al"))
        stage.initial(.online, "Carol")
        stage.tell()
        stage.hear(.presenceSettled)
        #expect(
            stage.news() == [
                Self.initial([Self.person("Bob", "away")]),
                #"session.updated {"displayName":"Al"}"#,
                Self.initial([Self.person("Carol", "online")]),
                Self.all(Self.person("Bob", "away"), Self.person("Carol", "online")),
            ])
    }

    @Test("That everybody was named is told once, also of nobody, and after whoever waits to be told of")
    func end() {
        var stage = Stage()
        stage.initial(.away, "Bob")
        stage.hear(.presenceSettled)
        let bob = Self.person("Bob", "away")
        #expect(stage.news() == [Self.initial([bob]), Self.all(bob)])
        stage.initial(.online, "Carol")
        stage.tell()
        stage.hear(.reconnecting(.connectionLost, after: nil))
        stage.hear(.state(.online))
        stage.hear(.presenceSettled)
        #expect(!stage.news().contains { $0.contains(#""complete":true"#) })

        var lonely = Stage()
        lonely.hear(.presenceSettled)
        #expect(lonely.news() == [Self.all()])
    }

    @Test("Whoever was named before a loss is named in the end, too")
    func interrupted() async throws {
        let stage = try HugeRosterTests.Stage()
        func hear(_ events: SessionEvent...) { for event in events { stage.session.hear(event) } }
        var lists = SynchronizedLists(version: 1)
        lists.members[.forward] = ["Bob", "Carol", "Dave"].map { ListMember(handle: Stage.account($0), name: $0) }
        let bob = Stage.account("Bob")
        hear(.negotiated(.msnp6), .synchronized(lists), .state(.online))
        hear(
            .initialPresence(.away, handle: bob, name: "Bob"),
            .presence(.online, handle: Stage.account("Dave"), name: nil))
        hear(.reconnecting(.connectionLost, after: nil), .state(.online))
        let head = UInt64(stage.events)
        hear(.presence(.away, handle: bob, name: "Bob"), .presence(.online, handle: Stage.account("Carol"), name: nil))
        hear(.presenceSettled, .reconnecting(.connectionLost, after: nil), .presenceSettled)
        let journal = stage.session.state.withLock { $0.record.journal }
        let told = Stage.events(journal.read(after: head, .everything, limit: 100))
        #expect(
            told == [
                Self.change("Carol", from: "offline", to: "online"), Self.change("Dave", from: "online", to: "offline"),
                Self.all(Self.person("Bob", "away"), Self.person("Carol", "online")),
                #"session.state {"reason":"connectionLost","state":"reconnecting"}"#,
                Self.change("Bob", from: "away", to: "offline"), Self.change("Carol", from: "online", to: "offline"),
            ])
        await stage.runtime.shutdown()
    }

    @Test("Another name is an update, and nobody is named twice or for nothing")
    func oddities() {
        var stage = Stage()
        stage.initial(.away, "Bob", called: "Bobby")
        stage.initial(.online, "Carol")
        stage.initial(.busy, "Bob", called: "Bobby")
        stage.initial(.offline, "Carol")
        stage.tell()
        let news = stage.news()
        #expect(news.count == 2)
        #expect(news.first?.hasPrefix("contact.updated ") == true)
        #expect(news.first?.contains(#""displayName":"Bobby""#) == true)
        #expect(
            news.last
                == Self.initial([#"{"account":"bob@example.com","displayName":"Bobby","status":"busy"}"#]))
        stage.initial(.busy, "Bob", called: "Bobby")
        stage.tell()
        #expect(stage.news().isEmpty)
    }

    @Test("The end of the session is its last word")
    func ended() {
        var stage = Stage()
        stage.initial(.away, "Bob")
        stage.record.end(.signedOut, at: Timestamp(milliseconds: 0), uptime: .zero)
        stage.tell()
        #expect(stage.news() == [#"session.state {"reason":"signedOut","state":"ended"}"#])
    }

    @Test("An event has 500 contacts and 64 KiB at most", arguments: [("User", 1_200), ("\"\"\"\"\"\"\"\"", 700)])
    func large(name: String, count: Int) throws {
        let padding = name == "User" ? "" : String(repeating: "\"", count: 120)
        let names = (0..<count).map { String(1_000 + $0) + name + padding }
        var stage = Stage(names)
        for name in names { stage.initial(.online, name) }
        stage.tell()
        // Too many for an event that names everybody.
        stage.hear(.presenceSettled)
        let page = stage.record.journal.read(after: 1, .everything, limit: 1_000)
        var told = 0
        for event in page.events {
            #expect(event.count <= PresenceInitialEvent.mostBytes)
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(event))
            #expect(value["type"]?.text == "presence.initial")
            #expect(value["data"]?["complete"] == .bool(false))
            guard case .array(let contacts) = value["data"]?["contacts"] else { throw TestError("nobody") }
            #expect((1...PresenceInitialEvent.mostContacts).contains(contacts.count))
            told += contacts.count
        }
        #expect(told == count)
        // Short names by their number, long ones by their bytes.
        #expect(name == "User" ? page.events.count == 3 : (5..<10).contains(page.events.count))
    }

    @Test("A sign-in tells who is there in one event; a reconnect tells what changed, and as changes")
    func signIn() async throws {
        func announce(_ status: String) -> Script.Answer {
            { frame in
                [
                    // First, so that no silence lies between.
                    .line("ILN \(frame.parameters[0]) \(status) bob@example.com Bob"),
                    .line("CHG \(frame.parameters.joined(separator: " "))"),
                ]
            }
        }
        var script = Script.friendly
        script.answers["CHG"] = announce("AWY")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) {
            $0.timeouts.backoff.base = .milliseconds(10)
            $0.timeouts.presenceSilence = .milliseconds(1)
        }
        let alice = try await OpenedSession(harness)
        var told: [[String: JSONValue]] = []
        var next = "oldest"
        while told.count < 2 {
            let page = await alice.get("/events?after=\(next)&types=presence.initial,presence.changed&wait=50")
            told += page.events
            next = try page.string("next")
        }
        #expect(told.allSatisfy { $0["type"]?.text == "presence.initial" })
        let bob = #"{"account":"bob@example.com","displayName":"Bob","status":"away"}"#
        let expected = [#"{"complete":false,"contacts":[\#(bob)]}"#, #"{"complete":true,"contacts":[\#(bob)]}"#]
        #expect(told.map { $0["data"] } == (try expected.map { try JSONValue($0) }))
        server.change { $0.answers["CHG"] = announce("BSY") }
        server.say("OUT")
        let second = await alice.get("/events?after=\(next)&types=presence.initial,presence.changed&wait=50")
        #expect(second.types == ["presence.changed"])
        #expect(
            second.events.first?["data"]
                == (try JSONValue(
                    #"{"account":"bob@example.com","displayName":"Bob","previous":"away","status":"busy"}"#)))
        try await harness.stop()
        try await server.stop()
    }
}
