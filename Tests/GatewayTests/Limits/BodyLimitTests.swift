import HTTPFront
import MSNP
import Testing

@testable import Gateway

/// What a request's body may have, and how small the answer to a wrong one stays.
@Suite(.timeLimit(.minutes(5))) struct BodyLimitTests {
    private static let kibibyte = 1024

    @Test("Each call takes so many bytes, and not one more; what is more is not looked at")
    func limits() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        for (method, path, token, limit) in [
            ("POST", "/v1/sessions", nil, 8), ("POST", "/v1/sandbox/faults", nil, 8),
            ("PATCH", alice.path, alice.token, 16), ("PUT", alice.path + "/presence", alice.token, 16),
            ("PUT", alice.path + "/contacts/bob@example.com", alice.token, 16),
            ("PATCH", alice.path + "/contacts/bob@example.com", alice.token, 16),
            ("PUT", alice.path + "/privacy", alice.token, 16), ("PATCH", alice.path + "/phones", alice.token, 16),
            ("POST", alice.path + "/conversations", alice.token, 16),
            ("POST", alice.path + "/conversations/x/participants", alice.token, 16),
            ("POST", alice.path + "/directory/search", alice.token, 16),
            ("POST", alice.path + "/invitations", alice.token, 16), ("POST", alice.path + "/pages", alice.token, 16),
            ("POST", alice.path + "/messages", alice.token, 512),
            ("POST", alice.path + "/conversations/x/messages", alice.token, 512),
        ] as [(String, String, String?, Int)] {
            let bytes = [UInt8](repeating: UInt8(ascii: "["), count: limit * Self.kibibyte + 1)
            let tooLarge = await harness.begin(method, path, token: token, body: bytes).answer()
            #expect(tooLarge.code == "body-too-large", "\(method) \(path)")
            #expect(try tooLarge.string("detail").contains("\(limit * Self.kibibyte) bytes"))
            let fits = await harness.begin(method, path, token: token, body: Array(bytes.dropLast())).answer()
            #expect(fits.code == "invalid-request", "\(method) \(path)")
        }
        try await harness.stop()
    }

    @Test("No call takes more than the ceiling of all")
    func ceiling() async throws {
        let harness = try await GatewayHarness.withSandbox()
        for endpoint in harness.gateway.router.all.flatMap(\.endpoints.values) {
            #expect(endpoint.bodyLimit <= GatewayLimits.body)
        }
        #expect(Endpoint(bodyLimit: .max) { _ throws(Problem) in .now(.noContent) }.bodyLimit == GatewayLimits.body)
        try await harness.stop()
    }

    @Test("The longest text fits with every character escaped, and so do a format and a name for it")
    func longestMessage() throws {
        func escaped(_ count: Int) -> String { String(repeating: #"\u0061"#, count: count) }
        let body = Array(
            #"{"to":"\#(escaped(WireLimits.handle - 4))@b.c","text":"\#(escaped(WireLimits.messageText))","clientRef":"\#(String(repeating: #"\ud83d\ude00"#, count: MessagingLimits.clientRef))","format":{"font":"\#(escaped(TextFormat.longestFont))","color":"\u00230080ff","bold":false,"italic":false,"underline":false,"strikethrough":false,"rightToLeft":false}}"#
                .utf8)
        #expect(body.count <= GatewayLimits.messageBody)
        var reader = BodyReader(try JSONText.object(body))
        _ = reader.account("to")
        let draft = reader.messageDraft()
        try reader.finish()
        #expect(draft?.text.text.utf8.count == WireLimits.messageText)
    }

    @Test("A status of 64 KB is too large for its call")
    func largeStatus() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let status = "a" + String(repeating: "\u{301}\u{323}", count: 16 * 1024)
        #expect(await alice.call("PUT", "/presence", #"{"status":"\#(status)"}"#).code == "body-too-large")
        try await harness.stop()
    }

    @Test("A megabyte of unknown members, whole or as far as it fits, is refused in a few hundred bytes")
    func unknownMembers() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        func body(_ count: Int) -> String { "{" + (1...count).map { #""m\#($0)":0"# }.joined(separator: ",") + "}" }
        let whole = await alice.call("POST", "/messages", body(110_000))
        #expect(whole.code == "body-too-large")
        let most = await alice.call("POST", "/messages", body(45_000))
        #expect(most.code == "invalid-request")
        #expect(try most.string("detail") == "The body has more than 1024 members and items.")
        for answer in [whole, most] { #expect(answer.response.body.count < 1024) }
        try await harness.stop()
    }

    @Test("Of many faults twenty are named and the rest is counted; the answer stays small whatever the names are")
    func manyFaults() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        // The longest form of a character: a control character that JSON escapes, here in six bytes.
        let name = String(repeating: #"\u0001"#, count: MemberName.longest - 4)
        let members = (1...1000).map { #""\#(name)\#(1000 + $0 % 9000)":0"# }
        let answer = await alice.call("POST", "/messages", "{" + members.prefix(300).joined(separator: ",") + "}")
        #expect(answer.status == 400)
        guard case .array(let errors) = answer.value("errors") else {
            Issue.record("no errors: \(answer.text)")
            return
        }
        #expect(errors.count == MemberFaults.most)
        // `to` and `text` are missing too.
        #expect(answer.value("moreErrors") == .number(302 - Double(MemberFaults.most)))
        #expect(answer.response.body.count < 16 * Self.kibibyte)
        let few = await alice.call("POST", "/messages", #"{"to":"bob@example.com","text":"x","more":1}"#)
        #expect(few.value("moreErrors") == nil)
        try await harness.stop()
    }

    @Test("An answer repeats no more of a path than fits the longest that there is")
    func instance() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await harness.call("GET", "/v1/" + String(repeating: "x", count: 7000))
        #expect(try answer.string("instance").utf8.count == ProblemDocument.longestInstance)
        try await harness.stop()
    }

    @Test("Pointers have a length, however deep they lead")
    func pointers() {
        var place = JSONPointer.body
        for depth in 0..<JSONParser.deepest {
            place = place.member(MemberName(stringLiteral: String(repeating: "~/", count: 50) + "\(depth)"))
        }
        #expect(place.text.utf8.count <= JSONPointer.longest)
        #expect(place.item(3).text == place.text, "cut once")
        #expect(JSONPointer.body.member("a/b~c").item(2).text == "/a~1b~0c/2")
    }
}
