import Storage
import TestSupport
import Testing

@testable import Gateway

/// A feed is its key's, and goes with it.
@Suite(.timeLimit(.minutes(5))) struct RevokedFeedTests {
    /// What the disk has of feeds and their named readers.
    private func kept(_ disk: MemoryStore) async throws -> (feeds: Int, readers: Int) {
        let feeds = try await disk.load(StoredFeed.self, of: nil)
        return (feeds.count, try await disk.load(StoredFeedConsumer.self, of: nil).count)
    }

    /// A bot that reads its feed by name.
    private func read(_ stage: RestartStage) async throws {
        let page = await stage.first.call("GET", "/v1/events?consumer=archive&wait=0", token: stage.bot)
        try #require(page.status == 200, "\(page.text)")
        try #require(try await kept(stage.disk) == (1, 1))
    }

    @Test("When a key is revoked nothing of its feed is kept")
    func revoked() async throws {
        let stage = try await RestartStage()
        try await read(stage)
        try stage.keys.revoke("bot")
        try await stage.store.flush()
        #expect(try await kept(stage.disk) == (0, 0))
        try await stage.stop()
    }

    @Test("Nothing of it comes back when the last of its sessions goes")
    func lastSession() async throws {
        let stage = try await RestartStage()
        try await read(stage)
        let session = try stage.session(at: stage.first)
        try stage.keys.revoke("bot")
        while !session.isOver { await Task.yield() }
        stage.first.clock.advance(.seconds(24 * 60 * 60 + 1))
        stage.first.gateway.registry.sweep()
        #expect(stage.first.gateway.registry.session(stage.id) == nil)
        try await stage.store.flush()
        #expect(try await stage.disk.load(StoredSession.self, of: nil).isEmpty)
        #expect(try await kept(stage.disk) == (0, 0))
        try await stage.stop()
    }

    @Test("Of a key that was revoked meanwhile a start keeps nothing of the feed, and of others all")
    func revokedMeanwhile() async throws {
        let stage = try await RestartStage()
        let other = try stage.keys.add("other")
        try await read(stage)
        let page = await stage.first.call("GET", "/v1/events?consumer=archive&wait=0", token: other)
        let cursor = try page.string("next")
        #expect(try await kept(stage.disk) == (2, 2))
        stage.kill()
        try stage.keys.revoke("bot")
        let next = try await stage.next(sealing: stage.sealing)
        let left = try await stage.disk.load(StoredFeed.self, of: nil)
        #expect(left.count == 1)
        #expect(try await kept(stage.disk) == (1, 1))
        #expect(left.first.map { cursor.contains($0.epoch) } == true)
        #expect(await next.call("GET", "/v1/events?wait=0&after=\(cursor)", token: other).status == 200)
        #expect(await next.call("GET", "/v1/events?wait=0", token: stage.bot).status == 401)
        try await stage.stop(next)
    }
}
