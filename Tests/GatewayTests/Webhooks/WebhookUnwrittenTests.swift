import Storage
import TestSupport
import Testing

@testable import Gateway

/// Whoever looks at webhooks sees what is written, and nothing before.
@Suite(.timeLimit(.minutes(5))) struct WebhookUnwrittenTests {
    enum Change: CaseIterable, Sendable {
        case switchedOff
        case rotated
        case replayed
        case deleted
        case made
    }

    @Test(
        "A look waits for a change that is not written, and is not told of one that can't be",
        arguments: Change.allCases)
    func change(_ change: Change) async throws {
        let stage = try await WebhookStage()
        let (id, _) = try await stage.make()
        let store = try #require(stage.store)
        #expect(await stage.call("GET").status == 200)
        await stage.settle()
        store.holdBack()
        func begin(_ method: String, _ path: String, _ json: String? = nil) -> PendingCall {
            stage.harness.begin(
                method, "/v1/webhooks" + path, token: stage.bot, body: json.map { Array($0.utf8) })
        }
        let call =
            switch change {
            case .switchedOff: begin("PATCH", "/\(id)", #"{"enabled":false}"#)
            case .rotated: begin("POST", "/\(id)/secret")
            case .replayed: begin("POST", "/\(id)/replay", #"{"after":"oldest"}"#)
            case .deleted: begin("DELETE", "/\(id)")
            case .made: begin("POST", "", #"{"url":"https://other.example.com/"}"#)
            }
        while !store.isAwaited { await Task.yield() }
        func look() -> [PendingCall] { [begin("GET", "")] + (change == .deleted ? [] : [begin("GET", "/\(id)")]) }
        let refused = look()
        #expect(refused.allSatisfy { $0.isParked })
        // Nobody else's.
        let other = try stage.keys.add("other")
        #expect(await stage.harness.call("GET", "/v1/webhooks", token: other).status == 200)
        store.become(.failing("the disk is full"))
        for look in refused { #expect(await look.answer().code == "state-unavailable") }
        #expect(await stage.call("GET").code == "state-unavailable")
        store.become(.good)
        let waiting = look()
        #expect(waiting.allSatisfy { $0.isParked })
        store.writePromptly()
        #expect(await call.answer().status < 300)
        for look in waiting { #expect(await look.answer().status == 200) }
        #expect(await stage.call("GET").status == 200)
        try await stage.stop()
    }

    @Test("Once a change is written looks wait for nothing, whatever the disk does")
    func written() async throws {
        let stage = try await WebhookStage()
        let (id, _) = try await stage.make()
        let store = try #require(stage.store)
        #expect(await stage.call("PATCH", "/\(id)", #"{"enabled":false}"#).status == 200)
        await stage.settle()
        store.become(.failing("the disk is full"))
        #expect(try await stage.call("GET", "/\(id)").string("state") == "disabled")
        store.become(.good)
        try await stage.stop()
    }
}
