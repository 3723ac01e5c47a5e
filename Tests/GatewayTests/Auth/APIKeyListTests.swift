import Testing

@testable import Gateway

@Suite struct APIKeyListTests {
    private func name(_ text: String) throws -> APIKeyName { try #require(APIKeyName(text)) }

    @Test("A key is found by its text and by nothing else")
    func finding() throws {
        var list = APIKeyList()
        let first = try list.add(name("first"), [])
        let second = try list.add(name("second"), [.admin])
        #expect(first.text.hasPrefix("mgk_"))
        #expect(first.text.utf8.count == 4 + 43, "256 bits")
        #expect(list.find(TokenDigest(of: first.text))?.name.text == "first")
        #expect(list.find(TokenDigest(of: first.text))?.isAdmin == false)
        #expect(list.find(TokenDigest(of: second.text))?.isAdmin == true)
        for wrong in ["", "mgk_", String(first.text.dropLast()), first.text + "A", first.text.lowercased()] {
            #expect(list.find(TokenDigest(of: wrong)) == nil)
        }
    }

    @Test("Names are unique among the keys there are, and a key that comes back under one is another")
    func names() throws {
        var list = APIKeyList()
        let first = try list.add(name("bot"), [])
        let owner = try #require(list.find(TokenDigest(of: first.text))?.owner)
        #expect(throws: APIKeyListError.nameTaken(try name("bot"))) { try list.add(name("bot"), []) }
        #expect(throws: APIKeyListError.nameUnknown(try name("Bot"))) { try list.revoke(name("Bot")) }
        try list.revoke(name("bot"))
        #expect(list.find(TokenDigest(of: first.text)) == nil)
        let second = try list.add(name("bot"), [])
        #expect(second.text != first.text)
        #expect(list.find(TokenDigest(of: second.text))?.owner != owner)
    }

    @Test(
        "What is a name",
        arguments: [
            ("a", true), ("Bot-2.home_x", true), (String(repeating: "n", count: 64), true), ("", false),
            (String(repeating: "n", count: 65), false), ("a b", false), ("a/b", false), ("ä", false), ("a\n", false),
        ])
    func form(text: String, isName: Bool) {
        #expect((APIKeyName(text) != nil) == isName)
    }

    @Test("What is written is read as it was")
    func coding() throws {
        let clock = TestClock()
        var list = APIKeyList()
        #expect(try APIKeyList(parsing: list.encoded) == list)
        _ = try list.add(name("one"), [], clock: clock.clock)
        _ = try list.add(name("two"), [.admin])
        #expect(try APIKeyList(parsing: list.encoded) == list)
        #expect(list.keys[0].created == "2023-11-14T22:13:20.000Z")
    }

    private static let hash = String(repeating: "0f", count: 32)

    private static func entry(
        id: String = "i1", name: String = "n1", scopes: String = "[]", createdAt: String = "2025-01-02T03:04:05.678Z",
        sha256: String = hash
    ) -> String {
        #"{"id":"\#(id)","name":"\#(name)","scopes":\#(scopes),"createdAt":"\#(createdAt)","sha256":"\#(sha256)"}"#
    }

    private static func document(_ entries: String..., version: String = "1") -> String {
        #"{"version":\#(version),"keys":[\#(entries.joined(separator: ","))]}"#
    }

    @Test func aListByHand() throws {
        let text = Self.document(Self.entry(scopes: #"["admin"]"#))
        let list = try APIKeyList(parsing: Array(text.utf8))
        #expect(list.keys.map(\.created) == ["2025-01-02T03:04:05.678Z"])
        #expect(list.keys.map(\.scopes) == [[.admin]])
    }

    @Test(
        "What is no list of keys is refused, without a word of its hashes",
        arguments: [
            "", "{", "[]", "null", #"{"keys":[]}"#, document(version: "2"), document(version: #""1""#),
            document(entry(id: "")), document(entry(name: "a b")), document(entry(scopes: #"["root"]"#)),
            document(entry(scopes: "null")), document(entry(createdAt: "yesterday")),
            document(entry(createdAt: "2025-01-02T03:04:05Z")), document(entry(sha256: "0f")),
            document(entry(sha256: hash.uppercased())), document(entry(sha256: String(hash.dropLast()) + "g")),
            document(entry(), entry(id: "i2", sha256: String(repeating: "1f", count: 32))),
            document(entry(), entry(name: "n2", sha256: String(repeating: "1f", count: 32))),
            document(entry(), entry(id: "i2", name: "n2")),
        ])
    func malformed(text: String) throws {
        let error = #expect(throws: APIKeyListError.self) { try APIKeyList(parsing: Array(text.utf8)) }
        let said = try #require(error).description
        #expect(!said.contains("0f") && !said.contains("1f"))
    }

    @Test("A pace is kept, one number or both, and a file of before has none")
    func paces() throws {
        var list = APIKeyList()
        _ = try list.add(name("usual"), [])
        #expect(!String(decoding: list.encoded, as: UTF8.self).contains("message"))
        _ = try list.add(name("slow"), [], try #require(SendingPace(perSecond: 1, burst: nil)))
        #expect(list.keys.map(\.pace.messagesPerSecond) == [50, 1])
        #expect(list.keys.map(\.pace.messageBurst) == [2_000, 2_000])
        try list.change(name("usual")) { $0.changed(by: SendingPace(perSecond: nil, burst: 7) ?? SendingPace()) }
        #expect(try APIKeyList(parsing: list.encoded) == list)
        try list.change(name("usual")) { $0.changed(by: SendingPace(perSecond: 9, burst: nil) ?? SendingPace()) }
        #expect(list.keys[0].pace == SendingPace(perSecond: 9, burst: 7))
        #expect(throws: APIKeyListError.nameUnknown(try name("no"))) { try list.change(name("no")) { $0 } }
        #expect(try APIKeyList(parsing: Array(Self.document(Self.entry()).utf8)).keys[0].pace == SendingPace())
    }

    @Test(
        "A pace out of its bounds is none, in a file neither",
        arguments: [
            (#""messagesPerSecond":0"#, 0, nil), (#""messagesPerSecond":10001"#, 10_001, nil),
            (#""messageBurst":0"#, nil, 0), (#""messageBurst":100001"#, nil, 100_001),
            (#""messageBurst":-1"#, nil, -1),
        ] as [(String, Int?, Int?)])
    func noPace(member: String, perSecond: Int?, burst: Int?) throws {
        #expect(SendingPace(perSecond: perSecond, burst: burst) == nil)
        let text = Self.document(String(Self.entry().dropLast()) + ",\(member)}")
        let error = #expect(throws: APIKeyListError.self) { try APIKeyList(parsing: Array(text.utf8)) }
        #expect(error?.description.contains("n1") == true)
    }

    @Test(arguments: [#""5""#, "5.5", "null", "true", "1e300"])
    func noNumber(value: String) {
        let text = Self.document(String(Self.entry().dropLast()) + #","messageBurst":\#(value)}"#)
        #expect(throws: APIKeyListError.self) { try APIKeyList(parsing: Array(text.utf8)) }
    }

    @Test func thereIsALimit() throws {
        var list = APIKeyList()
        for number in 0..<APIKeyList.most { _ = try list.add(name("k\(number)"), []) }
        #expect(throws: APIKeyListError.tooMany) { try list.add(name("one-more"), []) }
        #expect(try APIKeyList(parsing: list.encoded) == list)
    }

    @Test("Printing a key or its record gives nothing away")
    func descriptions() throws {
        var list = APIKeyList()
        let key = try list.add(name("bot"), [])
        let hash = try #require(list.keys.first).digest.hexadecimal
        var dumped = ""
        dump(key, to: &dumped)
        dump(list, to: &dumped)
        let said = dumped + "\(key) \(list) \(list.keys[0]) \(list.keys[0].digest)" + String(reflecting: key)
        #expect(said.contains("bot"))
        #expect(!said.contains(hash) && !said.contains(key.text.dropFirst(4)))
        #expect(!said.contains("bytes"))
    }
}
