import Digests
import Encodings
import Storage
import Testing

@Suite struct SealingKeysTests {
    private func session(_ change: (inout StoredSession) -> Void = { _ in }, id: String = "Yk2vQ8") -> StoredSession {
        var session = StoredSession(
            id: SessionID(id), owner: "key 1", backend: "main", account: "alice@example.com", epoch: "e", createdAt: 0,
            openedFrom: "::1", wantedStatus: "online", displayName: "Alice")
        change(&session)
        return session
    }

    private func text(_ secret: Secret?) -> String? {
        secret?.withBytes { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
    }

    @Test("A password opens for its session, and for no other session, owner, backend or account")
    func context() throws {
        let keys = try SealingKeys(file: SealingKeys.makeLine())
        let own = session()
        for password in ["sesame", "", "pässword ☃"] {
            let sealed = keys.seal(Secret(password), for: SealingContext(own))
            #expect(text(keys.open(sealed, for: SealingContext(own))) == password)
            let others = [
                session(id: "Yk2vQ9"), session({ $0.owner = nil }), session({ $0.owner = "key 2" }),
                session({ $0.backend = "other" }), session({ $0.account = "alice@example.co" }),
                // The same letters in a row, cut elsewhere.
                session({ ($0.backend, $0.account) = ("mainalice", "@example.com") }),
            ]
            for other in others { #expect(keys.open(sealed, for: SealingContext(other)) == nil) }
            // What may change does not matter.
            #expect(text(keys.open(sealed, for: SealingContext(session({ $0.displayName = "A" })))) == password)
        }
    }

    @Test("A webhook's secret opens for it alone, and never as a session's password")
    func webhook() throws {
        let keys = try SealingKeys(file: SealingKeys.makeLine())
        func context(_ id: String, _ owner: String) -> SealingContext {
            SealingContext(StoredWebhook(id: id, owner: owner, url: "https://bot.example.com", createdAt: 0))
        }
        let sealed = keys.seal(Secret("sesame"), for: context("Yk2vQ8", "key 1"))
        #expect(text(keys.open(sealed, for: context("Yk2vQ8", "key 1"))) == "sesame")
        for other in [context("Yk2vQ9", "key 1"), context("Yk2vQ8", "key 2"), SealingContext(session())] {
            #expect(keys.open(sealed, for: other) == nil)
        }
    }

    @Test("No two seals of one password are the same, and a changed bit opens nothing")
    func bits() throws {
        let keys = try SealingKeys(file: SealingKeys.makeLine())
        let context = SealingContext(session())
        let (one, two) = (keys.seal(Secret("sesame"), for: context), keys.seal(Secret("sesame"), for: context))
        #expect(one.bytes != two.bytes)
        #expect(one.bytes.count == 12 + 6 + 16)
        for place in one.bytes.indices {
            var bytes = one.bytes
            bytes[place] ^= 0x10
            #expect(keys.open(SealedPassword(key: one.key, bytes: bytes), for: context) == nil)
        }
        for length in 0..<one.bytes.count {
            let cut = SealedPassword(key: one.key, bytes: Array(one.bytes.prefix(length)))
            #expect(keys.open(cut, for: context) == nil)
        }
    }

    @Test("The first key seals, and all open: so keys are changed")
    func rotation() throws {
        let context = SealingContext(session())
        let (old, new) = (SealingKeys.makeLine(), SealingKeys.makeLine())
        let (before, during, after) = (
            try SealingKeys(file: old), try SealingKeys(file: new + Array("# the old one:\n\n".utf8) + old),
            try SealingKeys(file: new)
        )
        let sealed = before.seal(Secret("sesame"), for: context)
        #expect(during.first == after.first)
        #expect(during.ids == after.ids + before.ids)
        let opened = try #require(during.open(sealed, for: context))
        #expect(after.open(sealed, for: context) == nil)
        let anew = during.seal(opened, for: context)
        #expect(anew.key == after.first)
        #expect(text(after.open(anew, for: context)) == "sesame")
        #expect(before.open(anew, for: context) == nil)
    }

    @Test("A file is 32 bytes, or lines")
    func files() throws {
        let bytes = [UInt8](0..<32)
        let raw = try SealingKeys(file: bytes)
        #expect(raw.ids.map(\.text).allSatisfy { $0.utf8.count == 16 })
        let line = try SealingKeys(file: Array("one \(Base64.encode(bytes, .standard))\r\n".utf8))
        #expect(line.ids.map(\.text) == ["one"])
        // Neither its ID nor its context is the other's.
        let sealed = raw.seal(Secret("sesame"), for: SealingContext(session()))
        #expect(line.open(sealed, for: SealingContext(session())) == nil)
    }

    @Test(
        "What is no file of keys says why, and nothing of what stands there",
        arguments: [
            "", "#\n", "one", "one two", "one c2VzYW1l", "sesame c2VzYW1lc2VzYW1lc2VzYW1lc2VzYW1lc2VzYW1l three",
            "a/b \(Base64.encode([UInt8](0..<32), .standard))",
            "a \(Base64.encode([UInt8](0..<32), .standard))\na \(Base64.encode([UInt8](1..<33), .standard))",
            String(repeating: "#\n", count: 9_000),
        ])
    func malformed(text: String) {
        let error = #expect(throws: SealingKeys.Malformed.self) { try SealingKeys(file: Array(text.utf8)) }
        #expect(error?.description.contains("sesame") == false)
        #expect(error?.description.contains("c2Vz") == false)
    }
}
