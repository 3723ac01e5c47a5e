import HTTPFront
import Locking
import Storage
import TestSupport
import Testing

@testable import Gateway

/// A server that outlives the gateways, the disk that they leave to each other, and a bot's key.
struct RestartStage {
    let keys: TestKeys
    let bot: String
    let disk = MemoryStore()
    /// Of the file of keys.
    let line: [UInt8]
    let sealing: SealingKeys
    let first: GatewayHarness
    let store: ManualStore
    /// Of the gateways after the first.
    private let later = Later()
    let id: String
    let token: String

    /// A bot has signed in at the first gateway.
    init() async throws {
        keys = try TestKeys()
        bot = try keys.add("bot")
        line = SealingKeys.makeLine()
        sealing = try SealingKeys(file: line)
        store = ManualStore(on: disk)
        let keeper = StateKeeper(store: store, sealing: sealing)
        let keys = keys.store
        first = try await GatewayHarness.withSandbox(state: keeper) { $0.keys = keys }
        store.writePromptly()
        let answer = await first.call(
            "POST", "/v1/sessions", token: bot,
            json: #"{"account":"alice@example.com","password":"sandbox","status":"busy"}"#)
        try #require(answer.status == 201, "\(answer.text)")
        id = try answer.string("session", "id")
        token = try answer.string("token")
    }

    var path: String { "/v1/sessions/\(id)" }

    func session(at harness: GatewayHarness) throws -> Session {
        try #require(harness.gateway.registry.session(id))
    }

    /// Another gateway in front of the same server, with what was written.
    ///
    /// Those between the first and it are killed: no two processes have one directory.
    func next(sealing: SealingKeys?, _ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws
        -> GatewayHarness
    {
        let store = ManualStore(on: disk)
        later.stores.withLock { later in
            for store in later { store.lose() }
            later = [store]
        }
        let keys = keys.store
        let harness = try first.successor(StateKeeper(store: store, sealing: sealing)) {
            $0.keys = keys
            change(&$0)
        }
        store.writePromptly()
        try await harness.gateway.restore()
        try await store.flush()
        return harness
    }

    /// The first process is killed: nothing more of it is written.
    func kill() { store.lose() }

    func stop(_ harnesses: GatewayHarness...) async throws {
        for harness in harnesses { try await harness.stop() }
        store.writePromptly()
        try await first.stop()
    }

    /// All that can be read, waiting until it ends with the state.
    func events(_ harness: GatewayHarness, until state: String) async throws -> [[String: JSONValue]] {
        while true {
            let page = await harness.call("GET", path + "/events?after=oldest&wait=0&limit=500", token: bot)
            try #require(page.status == 200, "\(page.text)")
            let states = page.events.filter { $0["type"]?.text == "session.state" }
            if states.last?["data"]?["state"]?.text == state { return page.events }
            await Task.yield()
        }
    }

    private final class Later: Sendable {
        let stores = Locked<[ManualStore]>([])
    }
}
