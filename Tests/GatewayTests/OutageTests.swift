import Glibc
import HTTPFront
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// A backend with many sessions that goes away and comes back.
struct OutageTests {
    /// Fewer under sanitizers on small machines: `MSNP_GATEWAY_TEST_SESSIONS=100`.
    private static let sessions = getenv("MSNP_GATEWAY_TEST_SESSIONS").flatMap { Int(String(cString: $0)) } ?? 1000

    private func sandbox() async throws -> MSNPSandbox.Server {
        var settings = MSNPSandbox.Configuration()
        settings.port = 0
        settings.robot = nil
        settings.extraAccounts = Self.sessions
        return try await MSNPSandbox.Server.start(settings)
    }

    @Test(
        "All come back, every reader is told, and never more sign in together than may", .timeLimit(.minutes(3)))
    func outage() async throws {
        let front = CountingFront()
        let first = try await sandbox()
        // One that nobody holds is gone.
        let successors = Recorder<MSNPSandbox.Server>()
        try await front.open(first.dispatchAddress, first.notificationAddress)
        var backend = BackendConfiguration(name: "sandbox", address: front.address)
        backend.timeouts.backoff.base = .milliseconds(200)
        backend.timeouts.backoff.longest = .seconds(2)
        let harness = try GatewayHarness.with(backend) { $0.limits.sessionsPerAnonymousAddress = 0 }
        let bound = backend.signInsInFlight
        let crowd = Crowd(harness)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...Self.sessions { group.addTask { await crowd.join(number) } }
            group.addTask {
                try await Self.everybody(crowd.online)
                #expect(front.most <= bound)
                await crowd.orFail {
                    // Both ways at once: some hear `OUT SSD`, some only that the connection is gone.
                    await first.shutdown()
                    try await front.close()
                }
                try await Self.everybody(crowd.told)
                await crowd.orFail {
                    let second = try await self.sandbox()
                    successors.record(second)
                    try await front.open(second.dispatchAddress, second.notificationAddress)
                }
            }
            try await group.waitForAll()
        }
        #expect(front.most <= bound)
        #expect(front.most > 1)
        #expect(front.signIns >= 4 * Self.sessions, "two connections each, twice")
        try await harness.stop()
        try await front.close()
        for server in successors.all { await server.shutdown() }
    }

    private static func everybody(_ recorder: Recorder<Int>) async throws {
        for number in 1...sessions { try await recorder.first { $0 == number } }
    }

    /// Many readers of a session each.
    ///
    /// Who fails is counted as having got there, and ends the others: the test is over.
    private struct Crowd: Sendable {
        let harness: GatewayHarness
        /// Those whose session is online for the first time, and those that were told that it is not.
        let online = Recorder<Int>()
        let told = Recorder<Int>()

        init(_ harness: GatewayHarness) { self.harness = harness }

        func join(_ number: Int) async {
            await orFail { try await read(number) }
            online.record(number)
            told.record(number)
        }

        func orFail(_ body: () async throws -> Void) async {
            do {
                try await body()
            } catch {
                Issue.record(error)
                await harness.gateway.shutdown()
            }
        }

        /// Signs in and reads until it has seen the session go and come back.
        private func read(_ number: Int) async throws {
            let digits = String(number)
            let account = "user" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "@example.com"
            let answer = await harness.call(
                "POST", "/v1/sessions", json: #"{"account":"\#(account)","password":"sandbox"}"#,
                headers: [("Prefer", "wait=50")])
            try #require(answer.status == 201, "\(answer.text)")
            let token = try answer.string("token")
            let path = "/v1/sessions/\(try answer.string("session", "id"))/events?types=session.state&after="
            var cursor = try answer.string("session", "cursor")
            online.record(number)
            var states: [String] = []
            while states.last != "online" {
                let poll = await harness.call("GET", path + cursor, token: token)
                try #require(poll.status == 200, "\(poll.text)")
                cursor = try poll.string("next")
                states += poll.events.compactMap { $0["data"]?["state"]?.text }
                try #require(!states.contains("ended"), "\(poll.text)")
                if states.first == "reconnecting" { told.record(number) }
            }
            #expect(states.dropLast().allSatisfy { $0 == "reconnecting" })
            #expect(states.count >= 2)
        }
    }
}
