import Foundation
import HTTPFront
import Locking
import MSNP
import MSNPClient
import SQLiteFaults
import SQLiteStorage
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What callers and readers notice of a disk that is full, fails, can't be written to or does not answer.
@Suite(.timeLimit(.minutes(5))) struct FailingDiskTests {
    /// A state directory on a disk that does as a test wants.
    private final class FaultyState: Sendable {
        let path = FileManager.default.temporaryDirectory.path + "/msnp-gateway-disk-" + UUID().uuidString
        // The disk's functions take a lock of its own, and it is there for good.
        nonisolated(unsafe) let disk: OpaquePointer
        let store: SQLiteStore
        let clock = TestClock()

        init(_ change: (inout SQLiteOptions) -> Void = { _ in }) throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let name = "disk-" + UUID().uuidString
            disk = try #require(sqlite_faults_make(name))
            var options = SQLiteOptions(directory: path)
            options.vfs = name
            options.ballastBytes = 0
            options.retryInterval = .milliseconds(5)
            let clock = clock.clock
            options.uptime = { clock.uptime() }
            change(&options)
            store = try SQLiteStore(options)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Long, and another one each time.
    private static func name(_ number: Int) -> String { String(repeating: "x", count: 100) + "\(number)" }

    enum Fault: CaseIterable, Sendable {
        case full
        case readOnly
        case failing

        func set(_ disk: OpaquePointer, _ isThere: Bool) {
            switch self {
            case .full: sqlite_faults_room(disk, isThere ? 0 : -1)
            case .readOnly: sqlite_faults_read_only(disk, isThere ? 1 : 0)
            case .failing: sqlite_faults_fail_writes_after(disk, isThere ? 0 : -1)
            }
        }
    }

    /// Asks until the answer has that status.
    private func ready(_ harness: GatewayHarness, _ status: Int) async -> TestAnswer {
        var answer = await harness.call("GET", "/readyz")
        while answer.status != status {
            await Task.yield()
            answer = await harness.call("GET", "/readyz")
        }
        return answer
    }

    private func metric(_ name: String, _ harness: GatewayHarness) async -> Int? {
        let line = await harness.call("GET", "/metrics").text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Int($0.dropFirst(name.utf8.count + 1)) }
    }

    /// All that readers get of a session, as bytes.
    private func events(_ session: OpenedSession) async throws -> [String] {
        let page = await session.get("/events?after=oldest&wait=0&limit=500")
        try #require(page.status == 200, "\(page.text)")
        return page.events.map { "\($0["id"]?.text ?? "") \($0["type"]?.text ?? "")" }
    }

    @Test(
        "What was answered is whole, reads go on, nothing new is begun, and what was begun is 409",
        arguments: Fault.allCases)
    func failing(fault: Fault) async throws {
        let state = try FaultyState()
        let harness = try await GatewayHarness.withSandbox(state: StateKeeper(store: state.store))
        let alice = OpenedSession(harness, try await harness.signIn("alice@example.com"))
        let bob = OpenedSession(harness, try await harness.signIn("bob@example.com"))

        // What is under way when the disk fails: it is done at the server, and its outcome can't be written.
        sqlite_faults_hold(state.disk, 1)
        let message = alice.begin("POST", "/messages", #"{"to":"bob@example.com","text":"once"}"#)
        let edit = alice.begin("PATCH", "", #"{"displayName":"Zoe"}"#)
        let session = try #require(harness.gateway.registry.session(alice.id))
        while session.resource.displayName != "Zoe" { await Task.yield() }
        while !session.hasDelivered { await Task.yield() }
        while sqlite_faults_held(state.disk) == 0 { await Task.yield() }
        // Nothing more is written.
        let (before, others) = (try await events(alice), try await events(bob))
        fault.set(state.disk, true)
        sqlite_faults_hold(state.disk, 0)
        let refusal = await ready(harness, 503)
        #expect(refusal.code == "state-unavailable")
        #expect(refusal.header("Retry-After") != nil)
        #expect(await metric("msnp_gateway_state_writable", harness) == 0)
        #expect(await metric("msnp_gateway_state_failures_total", harness) == 1)
        #expect(try #require(await metric("msnp_gateway_state_waiting_bytes", harness)) > 0)

        // Nothing that acts is begun.
        for (method, path, json) in [
            ("POST", "/messages", #"{"to":"bob@example.com","text":"never"}"#),
            ("PUT", "/presence", #"{"status":"busy"}"#),
            ("DELETE", "", nil), ("PUT", "/contacts/dave@example.com", nil),
        ] {
            let answer = await alice.call(method, path, json)
            #expect(answer.status == 503)
            #expect(answer.code == "state-unavailable")
            #expect(answer.header("Retry-After") != nil)
        }
        let signIn = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"carol@example.com","password":"sandbox"}"#)
        #expect(signIn.code == "state-unavailable")

        // Reads go on, and show what is written.
        #expect(try await events(alice) == before)
        #expect(try await events(bob) == others)

        // The time of what waits is up.
        message.release()
        // Where its answer was not there yet, that has waited from then on.
        message.release()
        #expect(await message.answer().code == "outcome-unknown", "nor is the message")
        edit.release()
        #expect(await edit.answer().code == "outcome-unknown")

        fault.set(state.disk, false)
        _ = await ready(harness, 200)
        #expect(await metric("msnp_gateway_state_writable", harness) == 1)
        #expect(try await events(alice).starts(with: before))
        #expect(try await events(alice).count { $0.hasSuffix(" message.delivered") } == 1)
        #expect(try await events(bob).count { $0.hasSuffix(" message.received") } == 1, "nothing was sent meanwhile")
        let told = harness.log.lines.all
        #expect(told.contains { $0.hasPrefix("error the state can't be written") && $0.contains("reason") })
        #expect(told.contains { $0.hasPrefix("notice the state can be written again") })

        // The next process reads the same.
        let all = (try await events(alice), try await events(bob))
        try await harness.stop()
        await state.store.close()
        let store = try SQLiteStore(SQLiteOptions(directory: state.path))
        for (id, seen) in [(alice.id, all.0), (bob.id, all.1)] {
            let kept = try await store.read(SessionID(id), after: 0, limit: .max, bytes: .max).events
            #expect(kept.count >= seen.count)
            let types = kept.prefix(seen.count).map(\.event.type)
            #expect(zip(types, seen).allSatisfy { $1.hasSuffix(" " + $0) })
        }
        await store.close()
    }

    @Test("A disk that does not answer is one that fails, until it does")
    func silent() async throws {
        let state = try FaultyState()
        let harness = try await GatewayHarness.withSandbox(state: StateKeeper(store: state.store))
        let alice = OpenedSession(harness, try await harness.signIn("alice@example.com"))
        sqlite_faults_hold(state.disk, 1)
        try #require(harness.gateway.registry.session(alice.id)).hear(.ownDisplayName("One"))
        while sqlite_faults_held(state.disk) == 0 { await Task.yield() }
        let before = try await events(alice)
        #expect(await harness.call("GET", "/readyz").status == 200)
        state.clock.advance(.seconds(10))
        #expect(await harness.call("GET", "/readyz").code == "state-unavailable")
        #expect(await alice.call("PUT", "/presence", #"{"status":"busy"}"#).code == "state-unavailable")
        #expect(try await events(alice) == before)
        #expect(harness.log.lines.all.contains { $0.contains("the disk does not answer") })
        sqlite_faults_hold(state.disk, 0)
        _ = await ready(harness, 200)
        #expect(await alice.call("PUT", "/presence", #"{"status":"busy"}"#).status == 200)
        try await harness.stop()
        await state.store.close()
    }

    @Test(
        "When too much of a session waits its server is not heard any more, but answered; and then nothing is missing")
    func backPressure() async throws {
        let limit = 20_000
        let state = try FaultyState { $0.waitingPerSession = limit }
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server, state: StateKeeper(store: state.store))
        let alice = try await OpenedSession(harness)
        try await alice.fence()
        try await state.store.flush()
        var cursor = try await alice.cursor()
        sqlite_faults_hold(state.disk, 1)
        // As much as may wait, and then several times as much as is kept behind it.
        var number = 0
        func talk(_ count: Int) -> [UInt8] {
            (0..<count).reduce(into: []) { bytes, _ in
                number += 1
                bytes += Array("NLN NLN bob@example.com \(Self.name(number))\r\n".utf8)
            }
        }
        server.send(talk(100))
        let session = try #require(harness.gateway.registry.session(alice.id))
        while !session.isFull { await Task.yield() }
        #expect(await alice.call("PUT", "/presence", #"{"status":"busy"}"#).code == "state-unavailable")
        // What the server says at first is kept, and its challenge is answered.
        server.send(talk(20) + Array("CHL 0 20881240531071121171\r\n".utf8))
        try await server.received.first { $0.text.hasPrefix("QRY ") }
        // Behind this it would not be heard any more.
        server.send(talk(1_000))
        let waiting = state.store.figures.waitingBytes
        #expect(waiting > limit)
        #expect(waiting < 200_000, "of more than twice as much")
        #expect(await harness.call("GET", "/readyz").status == 200)
        #expect(await alice.get("/services/inbox").code == "state-unavailable", "it asks the server")
        sqlite_faults_hold(state.disk, 0)
        while session.isFull { await Task.yield() }
        try await alice.fence()
        var names: [String] = []
        while true {
            let page = await alice.get("/events?after=\(cursor)&wait=0&limit=500")
            try #require(page.status == 200, "\(page.text)")
            if page.events.isEmpty { break }
            cursor = try page.string("next")
            names += page.events.compactMap { $0["data"]?["contact"]?["displayName"]?.text }
        }
        #expect(names == (1...number).map(Self.name))
        try await harness.stop()
        await state.store.close()
        try await server.stop()
    }
}

extension Session {
    /// Whether a message of it has arrived, as far as it knows itself.
    fileprivate var hasDelivered: Bool {
        state.withLock { state in
            let messages = state.record.conversations.messages
            return (0...messages.lastNumber).contains {
                messages[OutgoingMessageID(rawValue: $0)]?.delivery == .delivered
            }
        }
    }
}
