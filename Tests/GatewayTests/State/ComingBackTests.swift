import Digests
import Foundation
import HTTPFront
import Locking
import MSNP
import MSNPClient
import MSNPSandbox
import SQLiteStorage
import Storage
import TestSupport
import Testing

@testable import Gateway

/// One process ends, whichever way, and the next one takes up what it has written.
@Suite(.timeLimit(.minutes(5))) struct ComingBackTests {
    @Test("After a kill what was read is there under the same numbers, and the session comes back by itself")
    func kill() async throws {
        let world = try await RestartStage()
        let before = try await world.events(world.first, until: "online")
        let cursor = try await world.first.call("GET", world.path, token: world.bot).string("cursor")
        // It comes, is written by nobody, and was shown to nobody.
        world.store.holdBack()
        try world.session(at: world.first).hear(.ownDisplayName("Lost"))
        world.kill()
        let second = try await world.next(sealing: world.sealing)
        let after = try await world.events(second, until: "online")
        #expect(Array(after.prefix(before.count)) == before)
        let since = await second.call("GET", world.path + "/events?after=\(cursor)&wait=0", token: world.bot)
        #expect(since.status == 200)
        // Before it there may be what its server said last.
        let first = try #require(since.events.first { $0["type"]?.text == "session.state" })
        #expect(first["data"]?["state"]?.text == "reconnecting")
        #expect(first["data"]?["reason"]?.text == "gatewayShutdown")
        let numbers = after.compactMap { if case .number(let seq)? = $0["seq"] { seq } else { nil } }
        #expect(numbers == numbers.indices.map { Double($0 + 1) }, "1, 2, 3 … without a gap")
        #expect(!after.contains { $0["data"]?["displayName"]?.text == "Lost" })
        let resource = await second.call("GET", world.path, token: world.bot)
        #expect(try resource.string("status") == "busy")
        try await world.stop(second)
    }

    @Test("A graceful stop ends no session: it is said once, and the next process goes on")
    func stop() async throws {
        let world = try await RestartStage()
        let cursor = try await world.first.call("GET", world.path + "/events?after=now&wait=0", token: world.bot)
            .string("next")
        let poll = world.first.begin(
            "GET", world.path + "/events?after=\(cursor)&types=session.state", token: world.bot)
        await world.first.gateway.shutdown()
        let told = world.first.log.lines.all
        #expect(told.contains { $0.hasPrefix("info session is left to the next process") })
        #expect(!told.contains { $0.hasPrefix("info session ended") })
        let answer = await poll.answer()
        #expect(answer.events.first?["data"]?["state"]?.text == "reconnecting")
        #expect(answer.events.first?["data"]?["reason"]?.text == "gatewayShutdown")
        let second = try await world.next(sealing: world.sealing)
        let events = try await world.events(second, until: "online")
        let reasons = events.compactMap { $0["data"]?["reason"]?.text }
        #expect(reasons == ["gatewayShutdown"])
        try await world.stop(second)
    }

    @Test("The feed of a key goes on at the same cursor")
    func feed() async throws {
        let world = try await RestartStage()
        let page = await world.first.call("GET", "/v1/events?after=oldest&wait=0&limit=500", token: world.bot)
        let cursor = try page.string("next")
        #expect(!page.events.isEmpty)
        world.kill()
        let second = try await world.next(sealing: world.sealing)
        let again = await second.call(
            "GET", "/v1/events?after=oldest&wait=0&limit=\(page.events.count)", token: world.bot)
        #expect(again.events == page.events)
        #expect(try again.string("next") == cursor)
        let all = try await world.events(second, until: "online")
        let since = await second.call("GET", "/v1/events?after=\(cursor)&wait=0&limit=500", token: world.bot)
        // Who is there may be said between the two.
        #expect((page.events + since.events).starts(with: all))
        try await world.stop(second)
    }

    @Test("Without a key for its password a session has ended, and can be read")
    func withoutKey() async throws {
        let world = try await RestartStage()
        world.kill()
        let second = try await world.next(sealing: nil)
        let session = await second.call("GET", world.path, token: world.bot)
        #expect(try session.string("state") == "ended")
        #expect(try session.string("reason") == "credentialsNotKept")
        #expect(try await world.events(second, until: "ended").count > 3)
        let list = await second.call("GET", "/v1/sessions", token: world.bot)
        #expect(try list.string("sessions", "0", "id") == world.id)
        let stored = try await world.disk.load(StoredSession.self, of: nil)
        #expect(stored.map(\.state) == [.ended])
        #expect(stored.allSatisfy { $0.sealed == nil })
        try await world.stop(second)
    }

    @Test("A session whose key was revoked meanwhile ends at the start, and its password is erased")
    func revoked() async throws {
        let world = try await RestartStage()
        world.kill()
        try world.keys.revoke("bot")
        let second = try await world.next(sealing: world.sealing)
        #expect(try world.session(at: second).resource.reason == .signedOut)
        let stored = try await world.disk.load(StoredSession.self, of: nil)
        #expect(stored.map(\.state) == [.ended])
        #expect(stored.allSatisfy { $0.sealed == nil })
        try await world.stop(second)
    }

    @Test("A session whose backend is not configured any more ends at the start, and its password is erased")
    func backendGone() async throws {
        let stage = try await RestartStage()
        stage.kill()
        let second = try await stage.next(sealing: stage.sealing) { $0.backends[0].name = "another" }
        let session = await second.call("GET", stage.path, token: stage.token)
        #expect(try session.string("state") == "ended")
        #expect(try session.string("reason") == "unreachable")
        #expect(try session.string("backend") == "sandbox")
        let stored = try await stage.disk.load(StoredSession.self, of: nil)
        #expect(stored.map(\.state) == [.ended])
        #expect(stored.allSatisfy { $0.sealed == nil })
        try await stage.stop(second)
    }

    @Test("A password that another key sealed is sealed anew at the start")
    func rotation() async throws {
        let world = try await RestartStage()
        let old = try #require(try await world.disk.load(StoredSession.self, of: nil).first?.sealed?.key)
        world.kill()
        let both = try SealingKeys(file: SealingKeys.makeLine() + world.line)
        let second = try await world.next(sealing: both)
        _ = try await world.events(second, until: "online")
        let new = try await world.disk.load(StoredSession.self, of: nil).first?.sealed?.key
        #expect(new == both.first)
        #expect(new != old)
        try await world.stop(second)
    }

    @Test("A state directory has all of it: the same events under the same cursors, and the session online again")
    func directory() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (keys, sealing) = (try TestKeys(), try SealingKeys(file: SealingKeys.makeLine()))
        let bot = try keys.add("bot")
        let store = try SQLiteStore(SQLiteOptions(directory: directory))
        let first = try await GatewayHarness.withSandbox(state: StateKeeper(store: store, sealing: sealing)) {
            $0.keys = keys.store
        }
        let answer = await first.call(
            "POST", "/v1/sessions", token: bot, json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        let path = "/v1/sessions/\(try answer.string("session", "id"))"
        await first.gateway.shutdown()
        let before = await first.call("GET", path + "/events?after=oldest&wait=0&limit=500", token: bot)
        let feed = await first.call("GET", "/v1/events?after=oldest&wait=0&limit=500", token: bot)
        await store.close()
        let again = try SQLiteStore(SQLiteOptions(directory: directory))
        let second = try first.successor(StateKeeper(store: again, sealing: sealing)) { $0.keys = keys.store }
        try await second.gateway.restore()
        let online = await second.call(
            "GET", path + "/events?after=\(try before.string("next"))&types=session.state", token: bot)
        #expect(online.events.first?["data"]?["state"]?.text == "online")
        let after = await second.call(
            "GET", path + "/events?after=oldest&wait=0&limit=\(before.events.count)", token: bot)
        #expect(after.events == before.events)
        let since = await second.call(
            "GET", "/v1/events?after=\(try feed.string("next"))&wait=0&types=session.state", token: bot)
        #expect(since.events.map { $0["data"]?["state"]?.text } == ["online"])
        try await second.stop()
        await again.close()
        try await first.stop()
    }

    @Test("When a session was used last is known after any number of starts, which use nothing")
    func usedLast() async throws {
        let stage = try await RestartStage()
        _ = try await stage.events(stage.first, until: "online")
        stage.kill()
        var stored = try #require(try await stage.disk.load(StoredSession.self, of: nil).first)
        stored.usedAt -= 1_000_000
        try await stage.disk.commit([.put(stored)], under: nil, .untilWritten)
        let second = try await stage.next(sealing: stage.sealing)
        #expect(try await stage.disk.load(StoredSession.self, of: nil).map(\.usedAt) == [stored.usedAt])
        let third = try await stage.next(sealing: stage.sealing)
        #expect(try await stage.disk.load(StoredSession.self, of: nil).map(\.usedAt) == [stored.usedAt])
        third.clock.advance(.seconds(1))
        _ = await third.call("GET", stage.path, token: stage.token)
        try stage.session(at: third).keep()
        try await third.gateway.registry.keeper?.store.flush()
        #expect(try await stage.disk.load(StoredSession.self, of: nil).allSatisfy { $0.usedAt > stored.usedAt })
        try await stage.stop(second, third)
    }

    @Test("A session that is given up in the moment of its success is nowhere afterwards")
    func givenUp() async throws {
        let stage = try await RestartStage()
        let (registry, session) = (stage.first.gateway.registry, try stage.session(at: stage.first))
        registry.discard(session)
        registry.publish(session)
        try await stage.store.flush()
        #expect(try await stage.disk.load(StoredSession.self, of: nil).isEmpty)
        #expect(stage.disk.journals.isEmpty)
        #expect(registry.feed(of: session.owner).state.withLock { $0.sources.isEmpty })
        await session.signOut()
        try await stage.stop()
    }

    @Test("An attempt to sign in that fails leaves nothing behind")
    func failure() async throws {
        let world = try await RestartStage()
        let answer = await world.first.call(
            "POST", "/v1/sessions", token: world.bot, json: #"{"account":"bob@example.com","password":"wrong"}"#)
        #expect(answer.status == 403)
        #expect(try await world.disk.load(StoredSession.self, of: nil).map(\.account) == ["alice@example.com"])
        try await world.stop()
    }
}
