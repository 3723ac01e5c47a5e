import Foundation
import Locking
import MSNP
import Storage
import TestSupport
import Testing
import Webhooks

@testable import Gateway

/// A bot whose sessions tell what a test says, and the endpoints of its webhooks.
///
/// What is kept outlives the gateways, each of which is `kill`ed before the next one.
final class WebhookStage: Sendable {
    let keys: TestKeys
    let bot: String
    let disk = MemoryStore()
    let sealing: SealingKeys?
    /// Nil where nothing outlives the process.
    let store: ManualStore?
    let harness: GatewayHarness
    let transport = TestTransport()
    let loop = ManualLoop()
    private let change: @Sendable (inout GatewayConfiguration) -> Void

    static let url = "https://bot.example.com/events?token=hidden"

    init(
        keeps: Bool = true, sealing: Bool = true,
        _ change: @escaping @Sendable (inout GatewayConfiguration) -> Void = { _ in }
    ) async throws {
        keys = try TestKeys()
        bot = try keys.add("bot")
        self.change = change
        self.sealing = sealing ? try SealingKeys(file: SealingKeys.makeLine()) : nil
        let store = keeps ? ManualStore(on: disk) : nil
        self.store = store
        let (keys, transport, loop) = (keys.store, transport, loop)
        harness = try await GatewayHarness.withSandbox(
            state: store.map { [sealing = self.sealing] in StateKeeper(store: $0, sealing: sealing) }
        ) { configuration in
            Self.set(&configuration, keys, transport, loop)
            change(&configuration)
        }
        store?.writePromptly()
    }

    private static func set(
        _ configuration: inout GatewayConfiguration, _ keys: APIKeyStore, _ transport: TestTransport,
        _ loop: ManualLoop
    ) {
        configuration.keys = keys
        configuration.webhooks.makeTransport = { _, _ in transport }
        configuration.webhooks.loop = loop
        // All of the longest wait.
        configuration.webhooks.chance = { 1 }
    }

    /// The process is killed, and the next one has read what it has written, that much later than this one began.
    func next(
        sealing: SealingKeys?? = nil, _ transport: TestTransport, _ loop: ManualLoop = ManualLoop(),
        later: Duration = .zero
    ) async throws -> GatewayHarness {
        store?.lose()
        let store = ManualStore(on: disk)
        let keys = keys.store
        let keeper = StateKeeper(store: store, sealing: sealing ?? self.sealing)
        let next = try harness.successor(keeper) { configuration in
            Self.set(&configuration, keys, transport, loop)
            change(&configuration)
        }
        store.writePromptly()
        next.clock.advance(later)
        try await next.gateway.restore()
        return next
    }

    func stop(_ harnesses: GatewayHarness...) async throws {
        for harness in harnesses { try await harness.stop() }
        store?.writePromptly()
        try await harness.stop()
    }

    // MARK: - Calls

    func call(_ method: String, _ path: String = "", _ json: String? = nil, _ at: GatewayHarness? = nil) async
        -> TestAnswer
    {
        await (at ?? harness).call(method, "/v1/webhooks" + path, token: bot, json: json)
    }

    /// Makes a webhook, of which all that it says is in the answer.
    func make(_ members: String = "", url: String = url) async throws -> (id: String, secret: String) {
        let answer = await call("POST", "", #"{"url":"\#(url)"\#(members)}"#)
        try #require(answer.status == 201, "\(answer.text)")
        return (try answer.string("webhook", "id"), try answer.string("secret"))
    }

    func signIn(_ account: String = "alice@example.com") async throws -> Session {
        let id = try await harness.signIn(account, key: bot).id
        try await harness.settle(id, token: bot)
        return try #require(harness.gateway.registry.session(id))
    }

    /// A session tells so many events, all of which are written.
    func tell(_ session: Session, _ names: [String]) async throws {
        for name in names { session.hear(.ownDisplayName(name)) }
        try await store?.flush()
    }

    /// Time passes for everybody.
    func pass(_ duration: Duration) {
        harness.clock.advance(duration)
        loop.pass(duration)
    }

    /// Waits until it is known that what was done to webhooks is written, which may be a moment after it was answered.
    func settle() async {
        while harness.gateway.webhooks.hasUnwritten(of: nil), !Task.isCancelled { await Task.yield() }
    }

    /// The attempt with that number, as soon as it is made.
    ///
    /// What is set to be done at once is done, too: a deadline may be set after its time has passed.
    func attempt(
        _ number: Int, of transport: TestTransport? = nil, _ loop: ManualLoop? = nil
    ) async throws -> TestTransport.Sent {
        let (transport, loop) = (transport ?? self.transport, loop ?? self.loop)
        while transport.sent.all.count < number, !Task.isCancelled {
            loop.pass(.zero)
            await Task.yield()
        }
        return try await transport.attempt(number)
    }

    /// A webhook's resource, once it is as it should be.
    func webhook(
        _ id: String, at harness: GatewayHarness? = nil, until isWell: (TestAnswer) -> Bool = { _ in true }
    ) async -> TestAnswer {
        while true {
            let answer = await call("GET", "/" + id, nil, harness)
            if isWell(answer) || Task.isCancelled { return answer }
            await Task.yield()
        }
    }
}

extension TestAnswer {
    func number(_ path: String...) -> Double? {
        var value = value(path[0])
        for step in path.dropFirst() { value = value?[step] }
        if case .number(let number)? = value { return number }
        return nil
    }

    var state: String? { try? string("state") }
}
