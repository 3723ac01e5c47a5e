import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// What a feed's readers are told of events that were let go before a start.
@Suite(.timeLimit(.minutes(5))) struct FeedGapTests {
    /// A server that outlives the gateways, with alice and bob signed in by a bot at the first of them, of whose events few
    /// are kept.
    private struct World {
        let kept: Int
        let keys: TestKeys
        let bot: String
        let disk = MemoryStore()
        let first: GatewayHarness
        let store: ManualStore
        let alice: String
        let bob: String

        init(keeping kept: Int = 20) async throws {
            self.kept = kept
            keys = try TestKeys()
            bot = try keys.add("bot")
            store = ManualStore(on: disk)
            let keys = keys.store
            first = try await GatewayHarness.withSandbox(state: StateKeeper(store: store)) {
                $0.keys = keys
                $0.limits.journal.events = kept
            }
            store.writePromptly()
            alice = try await first.signIn("alice@example.com", key: bot).id
            bob = try await first.signIn("bob@example.com", key: bot).id
            // All of both sign-ins is written.
            for id in [alice, bob] { try await first.settle(id, token: bot) }
        }

        /// So many events of a session's, all of them written.
        func happen(_ id: String, _ names: [String]) async throws {
            let session = try #require(first.gateway.registry.session(id))
            for name in names { session.hear(.ownDisplayName(name)) }
            try await store.flush()
        }

        func feed(_ harness: GatewayHarness, _ after: String) async -> TestAnswer {
            await harness.call("GET", "/v1/events?wait=0&limit=500&after=\(after)", token: bot)
        }

        func cursor() async throws -> String { try await feed(first, "now").string("next") }

        /// The first process is killed, and the next has read what it has written.
        func next(_ change: (ManualStore) -> Void = { _ in }) async throws -> GatewayHarness {
            store.lose()
            let store = ManualStore(on: disk)
            let (keys, kept) = (keys.store, kept)
            change(store)
            let harness = try first.successor(StateKeeper(store: store)) {
                $0.keys = keys
                $0.limits.journal.events = kept
            }
            store.writePromptly()
            try await harness.gateway.restore()
            try await store.flush()
            return harness
        }

        func stop(_ second: GatewayHarness) async throws {
            try await second.stop()
            store.writePromptly()
            try await first.stop()
        }
    }

    private func names(_ answer: TestAnswer) -> [String] {
        answer.events.compactMap { $0["data"]?["displayName"]?.text }
    }

    @Test("Who is behind what a journal has let go is told of the gap by the next process too, and nobody else is")
    func letGo() async throws {
        let world = try await World()
        let behind = try await world.cursor()
        try await world.happen(world.bob, ["Robert"])
        try await world.happen(world.alice, (1...50).map { "Alice \($0)" })
        let upToDate = try await world.cursor()
        let before = await world.feed(world.first, behind)
        #expect(names(before) == ["Robert"], "what comes before the gap is told before it")
        let gap = await world.feed(world.first, try before.string("next"))
        #expect(gap.code == "cursor-expired")
        let second = try await world.next()
        let again = await world.feed(second, behind)
        #expect(again.text == before.text)
        let told = await world.feed(second, try again.string("next"))
        #expect(told.code == "cursor-expired")
        let rest = await world.feed(second, try told.string("oldest"))
        #expect(names(rest).first.map { $0 > "Alice 30" } ?? false)
        #expect(names(rest).last == "Alice 50")
        #expect(await world.feed(second, upToDate).status == 200)
        #expect(await world.feed(second, "oldest").status == 200)
        try await world.stop(second)
    }

    @Test("What went with its session is a gap for who has not read it, at the next process too")
    func removed() async throws {
        let world = try await World()
        let behind = try await world.cursor()
        try await world.happen(world.bob, ["Robert"])
        let session = try #require(world.first.gateway.registry.session(world.bob))
        let gone = await world.first.call("DELETE", "/v1/sessions/\(world.bob)", token: world.bot)
        #expect(gone.status == 204)
        while !session.isOver { await Task.yield() }
        try await world.store.flush()
        let upToDate = try await world.cursor()
        world.first.clock.advance(.seconds(61))
        #expect(await world.first.call("GET", "/v1/sessions/\(world.bob)", token: world.bot).status == 404)
        try await world.store.flush()
        #expect(await world.feed(world.first, behind).code == "cursor-expired")
        let second = try await world.next()
        #expect(await world.feed(second, behind).code == "cursor-expired")
        #expect(await world.feed(second, upToDate).status == 200)
        try await world.stop(second)
    }

    @Test("What sessions no longer hold in memory a feed reads from the store, and what can't be read is a gap")
    func older() async throws {
        let world = try await World(keeping: 4_096)
        let start = try await world.cursor()
        for round in 1...5 {
            try await world.happen(world.alice, (1...40).map { "Alice \(round) \($0)" })
            try await world.happen(world.bob, (1...10).map { "Bob \(round) \($0)" })
        }
        let session = try #require(world.first.gateway.registry.session(world.alice))
        let first = session.state.withLock { $0.record.journal.start } + 1
        #expect(first > 100, "memory holds the tail alone")
        let expected = (1...5).flatMap { round in
            (1...40).map { "Alice \(round) \($0)" } + (1...10).map { "Bob \(round) \($0)" }
        }
        let all = await world.feed(world.first, start)
        #expect(names(all) == expected)
        let second = try await world.next()
        let again = await second.call(
            "GET", "/v1/events?wait=0&limit=\(expected.count)&after=\(start)", token: world.bot)
        #expect(again.events == all.events)
        #expect(try again.string("next") == all.string("next"))
        try await world.stop(second)
    }

    @Test("An event of a feed's that can't be read is a gap in its place, once for who asks for the oldest then")
    func damage() async throws {
        let world = try await World(keeping: 4_096)
        try await world.happen(world.alice, (1...100).map { "Alice \($0)" })
        let seq = try #require(world.first.gateway.registry.session(world.alice)).state.withLock {
            $0.record.journal.head - 90
        }
        let second = try await world.next { $0.damage([seq]) }
        let before = await world.feed(second, "oldest")
        #expect(names(before).last == "Alice 9")
        let gap = await world.feed(second, try before.string("next"))
        #expect(gap.code == "cursor-expired")
        #expect(gap.value("missed") == .number(1))
        #expect(names(await world.feed(second, "oldest")).first == "Alice 11")
        try await world.stop(second)
    }
}
