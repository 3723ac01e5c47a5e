import HTTPFront
import MSNP
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What of calls with keys outlives a process.
@Suite struct KeptCallTests {
    private let clock = TestClock()
    private let disk = ManualStore()
    /// The digest of a body.
    private static let body = [UInt8](repeating: 1, count: 32)

    private func scope(_ key: String) throws -> IdempotencyScope {
        let head = RequestHead(
            method: "POST", path: "/p", query: nil, headers: [("Idempotency-Key", key)],
            peer: PeerAddress(ip: "127.0.0.1"), contentLength: nil, hasBody: false)
        return IdempotencyScope(try #require(try IdempotencyKey(head)), head, session: "s")
    }

    private func process() -> IdempotencyStore {
        IdempotencyStore(clock: clock.clock, keeper: StateKeeper(store: disk))
    }

    private func first(_ store: IdempotencyStore, _ scope: IdempotencyScope) throws -> IdempotencyTicket {
        guard case .first(let ticket) = store.begin(scope, body: Self.body) else { throw TestError("not the first") }
        return ticket
    }

    /// What is on the disk when all is written.
    private func calls() async throws -> [StoredCall] {
        try await disk.flush()
        return try await disk.load(StoredCall.self, of: nil)
    }

    /// The same as a start takes them up.
    private func kept() async throws -> KeptState {
        try await disk.flush()
        return try await KeptState(disk, head: { _ in 0 }, last: 0)
    }

    @Test("An answer is the same after it was bytes", arguments: [0, 1, 2, 3])
    func bytes(index: Int) throws {
        var created = Response(status: 201, headers: [("Location", "/v1/x"), ("X", "")], body: Array("{:3}".utf8))
        created.add("X", "2:1")
        var partial = Problem.undelivered(.connectionLost, partial: 7)
        partial.retryAfter = 3
        var refused = Problem(.backendError, "É 12:", ErrorCode(rawValue: 280), command: "PAG")
        refused.mayHaveActed = true
        let answers: [IdempotencyStore.Outcome] = [
            .success(created), .success(Response(status: 202)), .failure(partial), .failure(refused),
        ]
        let bytes = KeptAnswer.bytes(of: answers[index])
        #expect(KeptAnswer.read(bytes) == answers[index])
        #expect(KeptAnswer.read(bytes.dropLast()) == nil)
        #expect(KeptAnswer.read(bytes + [0x31]) == nil)
    }

    @Test("What was answered is answered again by the next process, to the same body alone")
    func replayed() async throws {
        disk.writePromptly()
        let (old, scope) = (process(), try scope("k"))
        let ticket = try first(old, scope)
        #expect(try await calls().isEmpty, "nothing acts yet")
        try await ticket.begin(4)
        #expect(try await calls().map(\.message) == [4])
        ticket.finish(.success(Response(status: 201)))
        let next = process()
        next.restore(try await kept().calls) { _ in .failure(Problem(.outcomeUnknown, "")) }
        guard case .replay(.success(let response)) = next.begin(scope, body: Self.body) else {
            throw TestError("not replayed")
        }
        #expect(response.status == 201)
        guard case .mismatch = next.begin(scope, body: [2]) else { throw TestError("another body") }
    }

    @Test("What was begun and not answered is not begun again")
    func begun() async throws {
        disk.writePromptly()
        let scope = try scope("k")
        try await first(process(), scope).begin()
        let next = process()
        var asked: [UInt64?] = []
        next.restore(try await kept().calls) { call in
            asked.append(call.message)
            var problem = Problem(.outcomeUnknown, "")
            problem.mayHaveActed = true
            return .failure(problem)
        }
        #expect(asked == [nil])
        // What is known of it now is written first.
        while case .unwritten = next.begin(scope, body: Self.body) { await Task.yield() }
        guard case .replay(.failure(let problem)) = next.begin(scope, body: Self.body) else {
            throw TestError("not replayed")
        }
        #expect(problem.code == .outcomeUnknown)
    }

    @Test(
        "A message that failed is kept under its key by the next process where it is by the one that sent it",
        arguments: [
            .contactOffline(217), .notJoined, .notDelivered, .notPrivate, .refused(280, command: "CAL"),
            .timedOut(command: "XFR"), .queueFull, .conversationClosed, .connectionLost, .unknownConversation,
        ] as [MessageFailure])
    func failedBefore(failure: MessageFailure) async throws {
        disk.writePromptly()
        let isKept = Problem.undelivered(failure).mayHaveActed
        #expect(isKept == (failure == .notDelivered))
        let known = Problem.undelivered(before: MessageReason(failure), partial: nil)
        #expect(known.mayHaveActed == isKept)
        #expect(Problem.undelivered(before: MessageReason(failure), partial: 0).mayHaveActed)
        // The process ended between the outcome and what becomes of the key.
        let scope = try scope("k")
        try await first(process(), scope).begin(4)
        let next = process()
        next.restore(try await kept().calls) { _ in .failure(known) }
        #expect(next.count == (isKept ? 1 : 0))
        #expect(try await calls().count == (isKept ? 1 : 0))
        if !isKept { _ = try first(next, scope) }
    }

    @Test("A call that can't be read is none that a start takes up", arguments: [false, true])
    func damaged(isAnswer: Bool) async throws {
        disk.writePromptly()
        let scope = try scope("k")
        try await first(process(), scope).begin()
        var call = try #require(try await calls().first)
        if isAnswer { call.answer = [9] } else { call.body = [7] }
        try await disk.commit([.put(call)], under: nil, .untilWritten)
        let kept = try await kept()
        #expect(kept.faults.map(\.reason) == ["call.\(isAnswer ? "answer" : "body") is not what belongs there"])
        #expect(kept.calls.isEmpty)
    }

    @Test("A key is forgotten on the disk where nothing was done, and when its time is up")
    func forgotten() async throws {
        disk.writePromptly()
        let store = process()
        let refused = try first(store, try scope("refused"))
        try await refused.begin()
        #expect(try await calls().count == 1)
        refused.finish(.failure(Problem(.contactOffline, "")))
        #expect(try await calls().isEmpty)
        let kept = try first(store, try scope("kept"))
        try await kept.begin()
        kept.finish(.success(Response(status: 202)))
        clock.advance(.seconds(IdempotencyStore.Limits().age))
        _ = try first(store, try scope("another"))
        #expect(try await calls().isEmpty)
    }

    @Test("Of a session that nobody can ask any more no key is remembered, but of those that are under way")
    func sessionIsGone() async throws {
        disk.writePromptly()
        let store = process()
        for number in 1...3 {
            let ticket = try first(store, try scope("\(number)"))
            try await ticket.begin()
            ticket.finish(.success(Response(status: 201)))
        }
        let last = try first(store, try scope("last"))
        try await last.begin()
        store.forget(session: "another")
        #expect(store.count == 4)
        store.forget(session: "s")
        #expect(store.count == 1)
        #expect(store.bytes == 0)
        #expect(try await calls().count == 1)
        last.finish(.success(Response(status: 201)))
        #expect(store.count == 1)
    }
}
