import TestSupport
import Testing

@testable import Gateway

@Suite struct APIKeyStoreTests {
    private func knows(_ keys: TestKeys, _ key: String) -> Bool { keys.store.find(TokenDigest(of: key)) != nil }

    @Test("What is kept is looked at once a second, however often keys are used, and read when it has changed")
    func looking() throws {
        let keys = try TestKeys(interval: .seconds(1))
        let bot = try keys.add("bot")
        let (glances, readings) = (keys.source.glances, keys.source.readings)
        try keys.revoke("bot", look: false)
        for _ in 0..<100 { #expect(knows(keys, bot)) }
        #expect(keys.source.glances == glances)
        keys.clock.advance(.milliseconds(999))
        #expect(knows(keys, bot))
        keys.clock.advance(.milliseconds(1))
        #expect(!knows(keys, bot))
        keys.clock.advance(.seconds(1))
        #expect(keys.store.isEmpty)
        #expect(keys.source.readings == readings + 1, "nothing was new the second time")
    }

    @Test("A key that was made a moment ago is taken, and guessing does not look without end")
    func missing() throws {
        let keys = try TestKeys(interval: .seconds(1))
        keys.clock.advance(.milliseconds(50))
        let bot = try keys.add("bot", look: false)
        #expect(knows(keys, bot))
        let glances = keys.source.glances
        for _ in 0..<100 { #expect(!knows(keys, "mgk_guess")) }
        #expect(keys.source.glances == glances)
    }

    @Test("Keys that can't be read any more stay as they were, and that is said once")
    func broken() throws {
        let keys = try TestKeys()
        let bot = try keys.add("bot")
        keys.source.change { $0.problem = "the disk is on fire" }
        for _ in 0..<3 { keys.store.look() }
        #expect(knows(keys, bot))
        let said = keys.log.lines.all.filter { $0.hasPrefix("error") }
        #expect(said.count == 1)
        #expect(said.first?.contains("the disk is on fire") == true)
        keys.source.change { $0.problem = nil }
        try keys.revoke("bot")
        #expect(!knows(keys, bot))
    }

    @Test("Keys that are gone all at once stay too; an empty list is another thing")
    func gone() throws {
        let keys = try TestKeys()
        let bot = try keys.add("bot")
        let kept = keys.source.change { state in
            defer { state.list = nil }
            return state.list
        }
        keys.store.look()
        #expect(knows(keys, bot))
        #expect(keys.log.lines.all.contains { $0.hasPrefix("error") && $0.contains("gone") })
        keys.source.change { $0.list = kept }
        try keys.revoke("bot")
        #expect(!knows(keys, bot))
        keys.source.change { $0.list = nil }
        keys.store.look()
        #expect(keys.store.isEmpty)
    }

    @Test func doesNotStartWithoutKnowing() {
        let source = TestKeySource()
        source.change { $0.problem = "no" }
        #expect(throws: APIKeySourceError("no")) { try APIKeyStore(source, logger: LogRecorder().logger) }
    }

    @Test("Neither key nor hash is logged")
    func secrets() throws {
        let keys = try TestKeys()
        let bot = try keys.add("bot")
        _ = knows(keys, "mgk_guess")
        try keys.revoke("bot")
        let log = keys.log.lines.all.joined()
        #expect(!log.isEmpty)
        #expect(!log.contains(bot.dropFirst(4)) && !log.contains(TokenDigest(of: bot).hexadecimal))
        #expect(!log.contains("mgk_guess"))
    }
}
