import HTTPFront
import Testing

@testable import Gateway

@Suite struct IdempotencyStoreTests {
    private let clock = TestClock()

    private func store(_ change: (inout IdempotencyStore.Limits) -> Void = { _ in }) -> IdempotencyStore {
        var limits = IdempotencyStore.Limits()
        change(&limits)
        return IdempotencyStore(limits: limits, clock: clock.clock)
    }

    private func scope(
        _ key: String, session: String = "s", path: String = "/p", token: String = "mgt_a"
    ) throws -> IdempotencyScope {
        let head = RequestHead(
            method: "POST", path: path, query: nil,
            headers: [("Authorization", "Bearer \(token)"), ("Idempotency-Key", key)],
            peer: PeerAddress(ip: "127.0.0.1"), contentLength: nil, hasBody: false)
        return IdempotencyScope(try #require(try IdempotencyKey(head)), head, session: session)
    }

    /// Begins and finishes one; fails when it isn't the first.
    private func run(_ store: IdempotencyStore, _ scope: IdempotencyScope, _ answer: IdempotencyStore.Outcome) throws {
        guard case .first(let ticket) = store.begin(scope, body: [1]) else { throw TestError("not the first") }
        ticket.finish(answer)
    }

    private func isFirst(_ store: IdempotencyStore, _ scope: IdempotencyScope) -> Bool {
        if case .first = store.begin(scope, body: [1]) { true } else { false }
    }

    private func isReplayed(_ store: IdempotencyStore, _ scope: IdempotencyScope) -> Bool {
        if case .replay = store.begin(scope, body: [1]) { true } else { false }
    }

    private static func ok(_ size: Int = 0) -> IdempotencyStore.Outcome {
        .success(Response(status: 201, body: [UInt8](repeating: 0x61, count: size)))
    }

    @Test("In progress, then replayed; another body is another request")
    func course() throws {
        let store = store()
        let scope = try scope("k")
        guard case .first(let ticket) = store.begin(scope, body: [1]) else { throw TestError("not the first") }
        guard case .inProgress = store.begin(scope, body: [1]) else { throw TestError("not in progress") }
        guard case .mismatch = store.begin(scope, body: [2]) else { throw TestError("no mismatch") }
        ticket.finish(Self.ok(3))
        ticket.finish(.failure(Problem(.backendError, "too late")))
        guard case .replay(.success(let answer)) = store.begin(scope, body: [1]) else { throw TestError("no replay") }
        #expect(answer.body.count == 3, "the first word counts")
        guard case .mismatch = store.begin(scope, body: [2]) else { throw TestError("no mismatch") }
    }

    @Test("A call that is about to be answered with the outcome of its message is as good as answered")
    func settledBeforeAnswered() throws {
        let store = store()
        let (sent, refused) = (try scope("k"), try scope("l"))
        guard case .first(let ticket) = store.begin(sent, body: [1]) else { throw TestError("not the first") }
        ticket.settle(Self.ok(3))
        #expect(isReplayed(store, sent))
        ticket.finish(Self.ok(3))
        #expect(isReplayed(store, sent))
        guard case .first(let other) = store.begin(refused, body: [1]) else { throw TestError("not the first") }
        other.settle(.failure(Problem(.messageNotDelivered, "offline")))
        guard case .inProgress = store.begin(refused, body: [1]) else { throw TestError("not in progress") }
    }

    @Test("A scope is the session, the path and the key, whoever asks")
    func scopes() throws {
        let store = store()
        let scopes = try [scope("k"), scope("l"), scope("k", session: "t"), scope("k", path: "/q")]
        for scope in scopes { #expect(isFirst(store, scope)) }
        #expect(try !isFirst(store, scope("k", token: "mgt_b")))
        #expect(try !isFirst(store, scope("k", token: "mgk_a")))
        #expect(try !isFirst(store, scope("\"k\"")), "quoted, it is the same key")
    }

    @Test("An answer is kept for 24 hours")
    func age() throws {
        let store = store()
        try run(store, scope("k"), Self.ok())
        clock.advance(.seconds(24 * 60 * 60 - 1))
        #expect(isReplayed(store, try scope("k")))
        clock.advance(.seconds(1))
        #expect(isFirst(store, try scope("k")))
        #expect(store.bytes == 0)
    }

    @Test("Of 1,000 keys of a session the one that finished first goes; another session's stay")
    func keysOfASession() throws {
        let store = store()
        try run(store, scope("other", session: "t"), Self.ok())
        guard case .first(let slow) = store.begin(try scope("slow"), body: [1]) else {
            throw TestError("not the first")
        }
        for number in 1..<1_000 { try run(store, scope("k\(number)"), Self.ok()) }
        #expect(isReplayed(store, try scope("k1")))
        try run(store, scope("k1000"), Self.ok())
        #expect(isFirst(store, try scope("k1")), "gone; and now k2 has gone for it")
        #expect(isReplayed(store, try scope("k3")))
        slow.finish(Self.ok())
        #expect(isReplayed(store, try scope("slow")), "in progress, it was passed over")
        #expect(isReplayed(store, try scope("other", session: "t")))
    }

    @Test("With as many in progress as there may be, there is no room until one is finished")
    func allInProgress() throws {
        let store = store { $0.keysPerSession = 2 }
        guard case .first(let ticket) = store.begin(try scope("a"), body: [1]) else { throw TestError("not the first") }
        #expect(isFirst(store, try scope("b")))
        guard case .full = store.begin(try scope("c"), body: [1]) else { throw TestError("not full") }
        #expect(isFirst(store, try scope("c", session: "t")))
        ticket.finish(Self.ok())
        #expect(isFirst(store, try scope("c")))
    }

    @Test("All answers together have a limit, whoever they are for; the queues don't keep what is gone")
    func bytes() throws {
        let store = store { $0.bytes = 100_000 }
        for number in 0..<10_000 {
            try run(store, scope("k\(number)", session: "s\(number % 7)"), Self.ok(1_000))
            #expect(store.bytes <= 100_000)
        }
        let fit = 100_000 / (1_000 + IdempotencyStore.Limits.overhead)
        #expect(store.count <= fit && store.count >= fit - fit / 32)
        #expect(isReplayed(store, try scope("k9999", session: "s\(9_999 % 7)")))
        #expect(store.queued <= 8 * (2 * store.count + 64))
    }

    @Test(
        "A failure is kept where something may have been done, whatever its code",
        arguments: [ProblemCode.contactOffline, .rateLimited, .reconnecting, .backendError, .backendTimeout],
        [true, false])
    func kept(_ code: ProblemCode, _ isKept: Bool) throws {
        let store = store()
        var problem = Problem(code, "x")
        problem.mayHaveActed = isKept
        try run(store, scope("k"), .failure(problem))
        #expect(isReplayed(store, try scope("k")) == isKept)
        #expect(store.count == 1, "kept, or begun anew")
    }

    @Test(
        "Keys, bare and in quotes",
        arguments: [
            ("a", "a"), (#""a""#, "a"), (#""a b,\"\\""#, #"a b,"\"#), ("8e03978e-40d5-43dd-bc93-6894a57f9324", nil),
            (String(repeating: "k", count: 255), nil),
        ] as [(String, String?)])
    func keys(_ value: String, _ text: String?) throws {
        #expect(try key([("Idempotency-Key", value)])?.text == text ?? value)
    }

    @Test(
        "Keys that are none",
        arguments: [
            "", "\"\"", "a b", "a,b", "a\"", "\"a", "\"", "\"a\\\"", "\"a\\b\"", "ä", "a\tb", "\"a\"b\"",
            String(repeating: "k", count: 256),
        ])
    func noKeys(_ value: String) throws {
        let problem = #expect(throws: Problem.self) { try key([("Idempotency-Key", value)]) }
        #expect(problem?.code == .invalidRequest)
    }

    @Test func twoKeysAreNone() throws {
        #expect(throws: Problem.self) { try key([("Idempotency-Key", "a"), ("idempotency-key", "a")]) }
        #expect(try key([]) == nil)
    }

    private func key(_ headers: HeaderFields) throws -> IdempotencyKey? {
        try IdempotencyKey(
            RequestHead(
                method: "POST", path: "/", query: nil, headers: headers, peer: PeerAddress(ip: "127.0.0.1"),
                contentLength: nil, hasBody: false))
    }

    @Test("A session's answers have a bound of their own, and its oldest go first")
    func bytesOfASession() throws {
        let store = store { $0.bytesPerSession = 20_000 }
        try run(store, scope("mine", session: "t"), Self.ok(1_000))
        for number in 0..<100 { try run(store, scope("k\(number)"), Self.ok(1_000)) }
        #expect(store.bytes <= 20_000 + 1_600)
        #expect(isReplayed(store, try scope("mine", session: "t")))
        #expect(isReplayed(store, try scope("k99")))
        #expect(isFirst(store, try scope("k0")))
        // One that is larger by itself is kept all the same: it may have to be given again in a moment.
        try run(store, scope("giant", session: "u"), Self.ok(30_000))
        #expect(isReplayed(store, try scope("giant", session: "u")))
    }

    @Test("When all is full, whoever has the most gives, and nobody else")
    func greediest() throws {
        let store = store {
            $0.bytes = 100_000
            $0.bytesPerSession = 90_000
        }
        for number in 0..<5 { try run(store, scope("k\(number)", session: "small"), Self.ok(1_000)) }
        for number in 0..<1_000 { try run(store, scope("k\(number)", session: "large\(number % 2)"), Self.ok(1_000)) }
        #expect(store.bytes <= 100_000)
        for number in 0..<5 { #expect(isReplayed(store, try scope("k\(number)", session: "small"))) }
        #expect(isReplayed(store, try scope("k999", session: "large1")))
        #expect(isFirst(store, try scope("k1", session: "large1")))
    }
}
