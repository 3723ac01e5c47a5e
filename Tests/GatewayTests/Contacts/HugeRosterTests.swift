import Digests
import Foundation
import Locking
import Logging
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What grows with the number of contacts is not done while HTTP loops wait for the session's lock.
@Suite struct HugeRosterTests {
    private static let contacts = 1_000

    /// As much of a snapshot as is looked at here.
    private struct Snapshot: Decodable {
        struct Person: Decodable {
            let status: String
        }

        let contacts: [Person]
    }

    /// A session and how often it was in the middle of something long.
    final class Stage: Sendable {
        let runtime: ClientRuntime
        let session: Session

        init() throws {
            runtime = try ClientRuntime(loops: 1)
            let limits = GatewayLimits()
            let clock = TestClock()
            let looks = Recorder<Int>()
            let environment = SessionEnvironment(
                clock: clock.clock, runtime: runtime, loops: SessionLoops(runtime), logger: Logger(label: "test"),
                currentLimits: Current(limits),
                journals: JournalBudget(limit: limits.totalJournalBytes),
                reads: KeptReads(sweptOn: runtime.household), trimJournals: {}, ended: { _, settle in settle() },
                // Takes the lock that HTTP loops take: held here, it would never open again.
                atLength: { session in
                    _ = session.status
                    looks.record(1)
                })
            seen = looks
            session = Session(
                account: try Handle(validating: "alice@example.com"), owner: .anonymous,
                openedFrom: ClientAddress(ip: IPAddress(literal: "127.0.0.1")),
                backend: Backend(BackendConfiguration(name: "b", address: ServerAddress(host: "b.example"))),
                password: Secret("x"), environment: environment)
        }

        let seen: Recorder<Int>

        /// How often that was since this was asked last.
        func count(_ body: () throws -> Void) rethrows -> Int {
            let before = seen.all.count
            try body()
            return seen.all.count - before
        }

        /// The status of each contact of the snapshot.
        var statuses: [String] {
            get throws {
                try JSONDecoder().decode(Snapshot.self, from: Data(session.snapshotBody)).contacts.map(\.status)
            }
        }

        var events: Int { Int(session.state.withLock { $0.record.journal.head }) }
    }

    private func lists(_ handles: some Sequence<Int>, version: UInt32, list: ListName = .forward) -> SynchronizedLists {
        var lists = SynchronizedLists(version: version)
        lists.members[list] = handles.map { ListMember(handle: "c\($0)@example.com", name: "C \($0)") }
        return lists
    }

    @Test(
        "A huge synchronisation, and everything that follows from it, lets others have the lock",
        .timeLimit(.minutes(5)))
    func synchronization() async throws {
        let stage = try Stage()
        let turns = (Self.contacts + GatewayLimits.factsInTurn - 1) / GatewayLimits.factsInTurn
        stage.session.hear(.negotiated(.msnp6))
        #expect(stage.count { stage.session.hear(.synchronized(lists(0..<Self.contacts, version: 1))) } > 0)
        stage.session.hear(.state(.online))
        // On a connection that comes back everybody is another: twice as many facts, some of them in each turn.
        let before = stage.events
        let other = lists(Self.contacts..<(2 * Self.contacts), version: 2)
        #expect(stage.count { stage.session.hear(.synchronized(other)) } > 2 * turns)
        #expect(stage.events - before == 2 * Self.contacts)
        #expect(stage.count { _ = stage.session.contactsBody } == 1)
        #expect(stage.count { _ = stage.session.contactsBody } == 0, "encoded once")
        var inSnapshot = 0
        #expect(try stage.count { inSnapshot = try stage.statuses.count } == 0, "for the snapshot too")
        #expect(inSnapshot == Self.contacts)

        // All of them are online, and after the next loss none is told of.
        for number in Self.contacts..<(2 * Self.contacts) {
            stage.session.hear(.presence(.online, handle: "c\(number)@example.com", name: nil))
        }
        stage.session.hear(.reconnecting(.connectionLost, after: nil))
        #expect(stage.session.contacts { $0.presence == .online }.count == Self.contacts)
        #expect(stage.count { stage.session.hear(.presenceSettled) } >= turns)
        #expect(stage.session.contacts { $0.presence == .online }.isEmpty)

        // All of them ask to be let in.
        var waiting = other
        waiting.members[.reverse] = waiting.members[.forward]
        #expect(stage.count { stage.session.hear(.synchronized(waiting)) } > 2 * turns)
        #expect(stage.count { stage.session.hear(.addPrompt(.allowSilently)) } > 0)
        #expect(stage.session.state.withLock { $0.record.requests.hasWaiting })

        for number in Self.contacts..<(2 * Self.contacts) {
            stage.session.hear(.presence(.online, handle: "c\(number)@example.com", name: nil))
        }
        stage.session.hear(.ended(.signedOut))
        #expect(try stage.statuses.allSatisfy { $0 == "offline" })
        #expect(stage.session.contacts { $0.presence == .online }.isEmpty)
        stage.session.hear(.synchronized(lists(0..<1, version: 3)))
        #expect(try stage.statuses.count == Self.contacts, "nothing follows an end")
        await stage.runtime.shutdown()
    }
}
