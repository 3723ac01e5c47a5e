import Digests
import HTTPFront
import Locking
import Logging
import MSNP
import MSNPClient
import TestSupport

@testable import Gateway

/// Sessions without servers on loops that a test turns by hand, and polls without sockets.
final class ReaderStage: Sendable {
    /// A poll, and everything that it was answered.
    final class Poll: Sendable {
        private let request: ParkedRequest?
        private let answers = Recorder<TestAnswer>()

        init(_ answer: Answer) {
            switch answer {
            case .park(let request):
                self.request = request
                request.finish = { Self.finish($0.withProblem) }
            case .now(let response):
                request = nil
                answers.record(TestAnswer(response))
            case .stream: preconditionFailure("a poll is no stream")
            }
        }

        var answered: [TestAnswer] { answers.all }

        /// The server has parked it.
        func park() {
            request?.park(
                at: TestTarget { [answers] delivery in
                    if case .response(_, let response) = delivery { answers.record(TestAnswer(response)) }
                })
        }

        /// Its answer, once it is there.
        func answer() async -> TestAnswer {
            while true {
                if let answer = answers.all.first { return answer }
                await Task.yield()
            }
        }

        /// Its reader goes away.
        func leave() { _ = request?.abandon() }

        /// The server drains.
        func release() {
            if let response = request?.release(.shuttingDown) { answers.record(TestAnswer(response)) }
        }

        private static func finish(_ result: Result<Response, Problem>) -> Response {
            switch result {
            case .success(let response): response
            case .failure(let problem): problem.response(instance: "", requestID: "r")
            }
        }
    }

    let loops: [ManualLoop]
    private let runtime: ClientRuntime
    let environment: SessionEnvironment

    init(
        loops count: Int = 1, state: StateKeeper? = nil, _ change: (inout GatewayLimits) -> Void = { _ in }
    ) throws {
        runtime = try ClientRuntime(loops: 1)
        var limits = GatewayLimits()
        change(&limits)
        let loops = (1...count).map { _ in ManualLoop() }
        self.loops = loops
        environment = SessionEnvironment(
            clock: TestClock().clock, runtime: runtime,
            loops: SessionLoops(loops.map { loop in Owed(on: loop) { loop.now } }), logger: Logger(label: "test"),
            currentLimits: Current(limits), journals: JournalBudget(limit: limits.totalJournalBytes),
            reads: KeptReads(sweptOn: loops[0]), state: state, trimJournals: {}, ended: { _, settle in settle() })
    }

    var loop: ManualLoop { loops[0] }

    /// A session that is online, as far as it knows; they take the loops in turn.
    func session(_ account: String = "alice@example.com") throws -> Session {
        let session = Session(
            account: try Handle(validating: account), owner: .key(id: "k"),
            openedFrom: ClientAddress(ip: IPAddress(literal: "127.0.0.1")),
            backend: Backend(BackendConfiguration(name: "b", address: ServerAddress(host: "b.example"))),
            password: Secret("x"), environment: environment)
        session.hear(.state(.online))
        return session
    }

    /// One whose ID and cursors are always the same, and which outlives the process where anything does.
    func namedSession() throws -> Session {
        let session = Session(
            id: "a-session-of-16-", epoch: "abcdefgh", createdAt: environment.clock.now, openedAt: .zero,
            account: "alice@example.com", owner: .key(id: "k"),
            openedFrom: ClientAddress(ip: IPAddress(literal: "127.0.0.1")),
            backend: Backend(BackendConfiguration(name: "b", address: ServerAddress(host: "b.example"))),
            password: Secret("x"), environment: environment)
        session.hear(.state(.online))
        session.beginKeeping(status: .online)
        return session
    }

    /// A poll that has looked and found nothing.
    func poll(_ session: Session, _ change: (inout ReadQuery) -> Void = { _ in }) throws -> Poll {
        var query = ReadQuery()
        change(&query)
        return Poll(try session.poll(query))
    }

    /// A poll that waits.
    func parked(_ session: Session) throws -> Poll {
        let poll = try poll(session)
        poll.park()
        return poll
    }

    func stop() async {
        for loop in loops { loop.close() }
        await runtime.shutdown()
    }
}

extension Session {
    /// Tells of something that changes, by a word of the test's.
    func hear(name: String) { hear(.ownDisplayName(name)) }
}

extension TestAnswer {
    /// The words of those events.
    var names: [String] { events.compactMap { $0["data"]?["displayName"]?.text } }
}
