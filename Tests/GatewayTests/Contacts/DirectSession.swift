import Digests
import Locking
import Logging
import MSNP
import MSNPClient
import TestSupport

@testable import Gateway

/// A session without a connection, which hears what a test says, and how often it was in the middle of something long.
final class DirectSession: Sendable {
    let runtime = ClientRuntime(loops: 1)
    let session: Session

    init() throws {
        let limits = GatewayLimits()
        let clock = TestClock()
        let looks = Recorder<Int>()
        let environment = SessionEnvironment(
            clock: clock.clock, runtime: runtime, loops: SessionLoops(runtime), logger: Logger(label: "test"),
            currentLimits: Current(limits),
            journals: JournalBudget(limit: limits.totalJournalBytes), trimJournals: {}, ended: { _ in },
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
    func count(_ body: () -> Void) -> Int {
        let before = seen.all.count
        body()
        return seen.all.count - before
    }

    var events: Int { Int(session.state.withLock { $0.record.journal.head }) }
}
