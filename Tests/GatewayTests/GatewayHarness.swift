import Digests
import Foundation
import HTTPFront
import Locking
import Logging
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// A gateway without sockets on the HTTP side: requests go in as values, answers come out as values.
final class GatewayHarness: Sendable {
    let gateway: Gateway
    let runtime: ClientRuntime
    let sandbox: MSNPSandbox.Server?
    let clock: TestClock
    let log: LogRecorder
    private let backends: [BackendConfiguration]
    /// Every byte that any answer had.
    let answered = Recorder<Response>()
    /// Every request that is or was under way.
    private let calls = Recorder<PendingCall>()

    /// How long a server must be silent to have named everybody: no test's events depend on how slow the machine is.
    private static let never: Duration = .seconds(3_600)

    /// A gateway in front of a sandbox of its own.
    static func withSandbox(
        dialect: Dialect = .msnp6, state: StateKeeper? = nil,
        _ change: (inout GatewayConfiguration) -> Void = { _ in }
    ) async throws -> GatewayHarness {
        try await withSandbox(server: { $0.newestDialect = dialect }, backend: { _ in }, state: state, change)
    }

    /// A gateway in front of a sandbox of its own that is set up otherwise.
    static func withSandbox(
        server adjustServer: (inout MSNPSandbox.Configuration) -> Void,
        backend adjustBackend: (inout BackendConfiguration) -> Void, state: StateKeeper? = nil,
        _ change: (inout GatewayConfiguration) -> Void = { _ in }
    ) async throws -> GatewayHarness {
        var settings = MSNPSandbox.Configuration()
        settings.port = 0
        settings.robot = nil
        adjustServer(&settings)
        let sandbox = try await MSNPSandbox.Server.start(settings)
        var backend = BackendConfiguration(name: "sandbox", address: sandbox.dispatchAddress)
        backend.loginHosts = [MSNPSandbox.loginHost]
        backend.quirks.insert(.pipelines)
        adjustBackend(&backend)
        return try GatewayHarness([backend], sandbox, state, change)
    }

    /// A gateway in front of a server that does as it is told.
    static func with(
        _ server: ScriptedServer, _ backend: (inout BackendConfiguration) -> Void = { _ in },
        state: StateKeeper? = nil, _ change: (inout GatewayConfiguration) -> Void = { _ in }
    ) throws -> GatewayHarness {
        var configuration = BackendConfiguration(name: "scripted", address: server.address)
        configuration.timeouts.goodbye = .milliseconds(50)
        backend(&configuration)
        return try GatewayHarness([configuration], nil, state, change)
    }

    /// A gateway in front of whatever is there.
    static func with(
        _ backend: BackendConfiguration, _ change: (inout GatewayConfiguration) -> Void = { _ in }
    ) throws -> GatewayHarness {
        try GatewayHarness([backend], nil, nil, change)
    }

    private init(
        _ backends: [BackendConfiguration], _ sandbox: MSNPSandbox.Server?, _ state: StateKeeper? = nil,
        _ change: (inout GatewayConfiguration) -> Void
    ) throws {
        let backends = backends.map { backend in
            var backend = backend
            if backend.timeouts.presenceSilence == FlowTimeouts().presenceSilence {
                backend.timeouts.presenceSilence = Self.never
            }
            return backend
        }
        self.backends = backends
        var configuration = GatewayConfiguration(backends: backends, listensOnLoopback: true)
        configuration.sandbox = sandbox.map(TestSandboxControl.init)
        change(&configuration)
        runtime = try ClientRuntime(loops: 2)
        clock = TestClock()
        log = LogRecorder()
        self.sandbox = sandbox
        gateway = try Gateway(configuration, runtime: runtime, logger: log.logger, clock: clock.clock, state: state)
    }

    /// Another gateway in front of the same server, which stays this one's to stop.
    func successor(
        _ state: StateKeeper, _ change: (inout GatewayConfiguration) -> Void = { _ in }
    ) throws -> GatewayHarness {
        try GatewayHarness(backends, nil, state, change)
    }

    func stop() async throws {
        await gateway.shutdown()
        // As the HTTP server does it: whoever still waits is told, and no stream outlives the stop.
        for call in calls.all { call.close() }
        await sandbox?.shutdown()
        await runtime.shutdown()
    }

    /// Sends a request and waits for its answer, however long it is parked.
    func call(
        _ method: String, _ target: String, token: String? = nil, json: String? = nil, headers: HeaderFields = []
    ) async -> TestAnswer {
        await begin(method, target, token: token, body: json.map { Array($0.utf8) }, headers: headers).answer()
    }

    /// Sends a request; the caller may then wait for its answer, leave, or let its time run out.
    func begin(
        _ method: String, _ target: String, token: String? = nil, body: [UInt8]? = nil, headers: HeaderFields = [],
        isChunked: Bool = false, router: Router? = nil
    ) -> PendingCall {
        var fields = headers
        if !fields.contains("Host") { fields.add("Host", "127.0.0.1:8080") }
        if let token { fields.add("Authorization", "Bearer \(token)") }
        if body != nil, !isChunked, !fields.contains("Content-Type") { fields.add("Content-Type", "application/json") }
        if let body, !isChunked { fields.add("Content-Length", String(body.count)) }
        if isChunked { fields.add("Transfer-Encoding", "chunked") }
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let head = RequestHead(
            method: method, path: String(halves[0]), query: halves.count > 1 ? String(halves[1]) : nil,
            headers: fields, peer: PeerAddress(ip: "127.0.0.1"), contentLength: isChunked ? nil : body?.count,
            hasBody: isChunked || body != nil)
        // Without this harness, which holds the calls.
        let pending = PendingCall(isHead: method == "HEAD") { [answered, gateway] in
            answered.record($0)
            // Another router has routes of a test's own.
            if router == nil { SeenAnswers.record(head, gateway.router, $0) }
        }
        calls.record(pending)
        switch router?.receive(head) ?? gateway.receive(head) {
        case .answer(let answer): pending.take(answer)
        case .readBody(let limit, let tooLarge, let then):
            let body = body ?? []
            if body.count > limit { pending.take(.now(tooLarge())) } else { pending.take(then(body)) }
        }
        return pending
    }

    /// Has so much time pass for what a session waits for of its server.
    func pass(_ duration: Duration, session: String) async throws {
        let client = try #require(gateway.registry.session(session)?.state.withLock { $0.client })
        await client.pass(duration)
    }

    /// Sends a request that the server leaves unanswered, and lets the time for an answer run out once it is there.
    ///
    /// The server's commands so far are in `received`, whose next with that name is awaited.
    func unanswered(
        _ method: String, _ target: String, token: String, session: String, json: String? = nil,
        headers: HeaderFields = [], command: String, _ server: ScriptedServer
    ) async throws -> TestAnswer {
        let before = server.received.all.count
        let call = begin(method, target, token: token, body: json.map { Array($0.utf8) }, headers: headers)
        try await server.received.first(after: before) { $0.text.hasPrefix(command + " ") }
        try await pass(FlowTimeouts().request, session: session)
        return await call.answer()
    }

    /// Signs in, with an API key or without, and gives the session's ID and token.
    func signIn(
        _ account: String, password: String = "sandbox", key: String? = nil
    ) async throws -> (id: String, token: String) {
        let answer = await call(
            "POST", "/v1/sessions", token: key, json: #"{"account":"\#(account)","password":"\#(password)"}"#)
        try #require(answer.status == 201, "\(answer.text)")
        let id = try answer.string("session", "id")
        let token = try answer.string("token")
        // The robot's presence comes with the first `ILN`s, after the answer: wait for it, so that tests begin in peace.
        let robot = "/v1/sessions/\(id)/contacts/echo@example.com"
        var seen = await call("GET", robot, token: token)
        while seen.status == 200, try seen.string("status") != "online" {
            await Task.yield()
            seen = await call("GET", robot, token: token)
        }
        return (id, token)
    }

    /// Returns once a session of the sandbox has told all that its server says by itself at a sign-in.
    func settle(_ id: String, token: String) async throws {
        // The server answers in order: contacts, requests and mail come before this.
        let fence = await call("GET", "/v1/sessions/\(id)/services/inbox", token: token)
        try #require(fence.status == 200, "\(fence.text)")
        let session = try #require(gateway.registry.session(id))
        // Who is there is told a moment after the last of them.
        while session.state.withLock({ !$0.record.arrivals.facts.isEmpty }), !Task.isCancelled { await Task.yield() }
        // What a look shows is written before it is answered.
        _ = await call("GET", "/v1/sessions/\(id)/snapshot", token: token)
    }
}

/// A request under way.
final class PendingCall: Sendable {
    private let responses = Recorder<Response>()
    private let parked = Locked<ParkedRequest?>(nil)
    private let streams = Recorder<TestStream>()
    private let isHead: Bool
    private let seen: @Sendable (Response) -> Void

    init(isHead: Bool = false, _ seen: @escaping @Sendable (Response) -> Void) {
        self.isHead = isHead
        self.seen = seen
    }

    func take(_ answer: Answer) {
        switch answer {
        case .now(let response): record(response)
        case .park(let request):
            parked.withLock { $0 = request }
            request.park(
                at: TestTarget { delivery in
                    if case .response(_, let response) = delivery { self.record(response) }
                })
        case .stream(let streaming):
            record(streaming.response)
            guard !isHead else { return }
            let stream = TestStream(streaming) { [seen] in seen(Response(status: 200, body: $0)) }
            streams.record(stream)
            stream.start()
        }
    }

    var isParked: Bool { parked.withLock { $0.map { !$0.hasEnded } } ?? false }

    /// The time is up, or the gateway stops.
    func release(_ reason: ParkedRequest.Release = .timedOut) {
        if reason == .timedOut, parked.withLock({ $0 })?.prolonged() != nil { return }
        if let response = parked.withLock({ $0 })?.release(reason) { record(response) }
    }

    /// The caller goes away.
    func leave() {
        guard parked.withLock({ $0 })?.abandon() == true else { return }
        parked.withLock { $0 = nil }
    }

    /// The server stops, and with it whatever this call still holds.
    func close() {
        release(.shuttingDown)
        for stream in streams.all { stream.leave() }
    }

    /// The stream that the answer is.
    ///
    /// Throws what came instead.
    func stream() async throws -> TestStream {
        let answer = await answer()
        guard let stream = streams.all.first else { throw TestError("no stream: \(answer.status) \(answer.text)") }
        return stream
    }

    /// What it was answered; of status 0, which fits no expectation, if nothing came, which is an issue already.
    func answer() async -> TestAnswer {
        TestAnswer((try? await responses.first { _ in true }) ?? Response(status: 0))
    }

    private func record(_ response: Response) {
        // The parked request delivers to this object, and holds what the gateway holds.
        parked.withLock { $0 = nil }
        seen(response)
        responses.record(response)
    }
}

/// An answer and its JSON.
struct TestAnswer: Sendable {
    let response: Response
    var status: Int { response.status }
    var text: String { String(decoding: response.body, as: UTF8.self) }

    init(_ response: Response) { self.response = response }

    func header(_ name: String) -> String? { response.value(of: name) }

    /// The value at a path of members and indices.
    func value(_ path: String...) -> JSONValue? { value(path) }

    func string(_ path: String...) throws -> String {
        guard case .string(let text) = value(path) else {
            throw TestError("no string at \(path) in \(text)")
        }
        return text
    }

    var code: String? { (try? string("code")) }

    /// The types of the events of a poll.
    var types: [String] { events.compactMap { $0["type"]?.text } }

    var events: [[String: JSONValue]] {
        guard case .array(let events) = value("events") else { return [] }
        return events.compactMap(\.members)
    }

    private func value(_ path: [String]) -> JSONValue? {
        var value = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        for step in path {
            switch value {
            case .object: value = value?[step]
            case .array(let items): value = Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil }
            default: return nil
            }
        }
        return value
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }

    subscript(_ name: String) -> JSONValue? {
        if case .object(let members) = self { members[MemberName(stringLiteral: name)] } else { nil }
    }

    /// An object of these members.
    static func object(named members: [String: JSONValue]) -> JSONValue {
        .object(Dictionary(uniqueKeysWithValues: members.map { (MemberName(stringLiteral: $0.key), $0.value) }))
    }

    /// The members of an object by name; nil for anything else.
    var members: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.key.text, $0.value) })
    }
}

struct TestError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Time that passes when a test says so.
final class TestClock: Sendable {
    private let uptime = Locked(Duration.zero)
    /// What the wall clock is ahead, as somebody sets it.
    private let ahead = Locked(Duration.zero)
    private static let start: Int64 = 1_700_000_000_000

    func advance(_ duration: Duration) { uptime.withLock { $0 += duration } }

    /// Somebody sets the wall clock; no time passes.
    func setWallClock(ahead duration: Duration) { ahead.withLock { $0 = duration } }

    var clock: GatewayClock {
        GatewayClock(
            milliseconds: {
                let ahead = self.ahead.withLock { $0 }
                return Self.start + self.uptime.withLock { ($0 + ahead).components.seconds } * 1000
            },
            uptime: { self.uptime.withLock { $0 } })
    }
}

/// Everything that was logged, at every level.
final class LogRecorder: Sendable {
    let lines = Recorder<String>()

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self.lines) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: Recorder<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.record("\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:])")
        }
    }
}
