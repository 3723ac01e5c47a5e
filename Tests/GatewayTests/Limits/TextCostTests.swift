import ByteText
import HTTPFront
import MSNP
import Testing

@testable import Gateway

/// Whoever sends text does not choose what it costs: the bytes that comparing looks at grow with it, and no faster.
@Suite(.timeLimit(.minutes(5))) struct TextCostTests {
    private static let kilobytes = [1, 4, 16, 64]

    /// Combining marks, which `String` compares in a time that grows with the square of their number.
    private static func marks(_ kilobytes: Int) -> String {
        "a" + String(repeating: "\u{301}\u{323}", count: kilobytes * 256)
    }

    /// As often as a text may be looked at: hashed, found, folded, and compared with some words.
    private static let looks = 8
    /// What the words themselves cost, however long the text is.
    private static let ownWork = 4096

    private func isLinear(_ name: String, _ text: String, _ body: () -> Void) {
        let work = TextWork.bytes(of: body)
        #expect(work <= Self.looks * text.utf8.count + Self.ownWork, "\(name): \(work) for \(text.utf8.count)")
    }

    @Test("Header fields, each refused as what it is", arguments: kilobytes)
    func headers(kilobytes: Int) async throws {
        let harness = try await GatewayHarness.withSandbox { $0.corsOrigins = ["https://bots.example"] }
        let alice = try await OpenedSession(harness)
        let marks = Self.marks(kilobytes)
        let isLong = marks.utf8.count > ListField.longest
        let presence = Array(#"{"status":"busy"}"#.utf8)
        let message = Array(#"{"to":"bob@example.com","text":"x"}"#.utf8)
        for (field, method, path, body, code) in [
            ("Host", "GET", alice.path, nil, "misdirected-host"),
            ("Accept", "GET", alice.path, nil, isLong ? "invalid-request" : "not-acceptable"),
            ("Content-Type", "PUT", alice.path + "/presence", presence, "unsupported-media-type"),
            ("Origin", "PUT", alice.path + "/presence", presence, "cross-origin"),
            (
                "If-Match", "PATCH", alice.path + "/contacts/bob@example.com", [0x7B, 0x7D],
                isLong ? "invalid-request" : "precondition-failed"
            ),
            (
                "If-None-Match", "PATCH", alice.path + "/contacts/bob@example.com", [0x7B, 0x7D],
                isLong ? "invalid-request" : nil
            ),
            ("Prefer", "GET", alice.path + "/events", nil, isLong ? "invalid-request" : nil),
            ("Idempotency-Key", "POST", alice.path + "/messages", message, "invalid-request"),
            ("X-Request-Id", "GET", alice.path, nil, nil),
            ("Last-Event-ID", "GET", alice.path + "/stream", nil, "invalid-cursor"),
            ("Access-Control-Request-Method", "OPTIONS", alice.path, nil, nil),
            ("Access-Control-Request-Headers", "OPTIONS", alice.path, nil, nil),
        ] as [(String, String, String, [UInt8]?, String?)] {
            var call: PendingCall?
            isLinear(field, marks) {
                call = harness.begin(method, path, token: alice.token, body: body, headers: [(field, marks)])
            }
            if field == "Prefer", !isLong { call?.release() }
            let answer = try #require(await call?.answer())
            #expect(answer.code == code, "\(field)")
            #expect(answer.response.body.count < 1500, "\(field): the answer does not grow with it")
            #expect(answer.header("X-Request-Id")?.utf8.count ?? .max <= RequestID.longest)
        }
        var call: PendingCall?
        isLinear("Authorization", marks) {
            call = harness.begin("GET", alice.path, headers: [("Authorization", "Bearer \(marks)")])
        }
        #expect(await call?.answer().code == "unauthorized")
        try await harness.stop()
    }

    @Test("Methods, paths and the variables in them", arguments: kilobytes)
    func paths(kilobytes: Int) async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let marks = PathSegments.encode(Self.marks(kilobytes))
        for (method, path, code) in [
            ("GET", "/\(marks)", "not-found"), ("GET", "/v1/\(marks)", "not-found"),
            ("GET", "/v1/errors/\(marks)", "not-found"), ("GET", "/v1/sessions/\(marks)", "not-found"),
            ("GET", "\(alice.path)/contacts/\(marks)", "invalid-request"),
            ("PUT", "\(alice.path)/contacts/\(marks)", "invalid-request"),
            ("GET", "\(alice.path)/conversations/\(marks)", "not-found"),
            ("GET", "\(alice.path)/messages/\(marks)", "not-found"),
            ("GET", "\(alice.path)/services/\(marks)", "not-found"), (marks, alice.path, "method-not-allowed"),
        ] {
            var call: PendingCall?
            isLinear("\(method.prefix(3)) \(path.prefix(60))", marks) {
                call = harness.begin(method, path, token: alice.token)
            }
            let answer = try #require(await call?.answer())
            #expect(answer.code == code, "\(path.prefix(60))")
            #expect(answer.response.body.count < 1500, "the answer does not grow with it")
        }
        try await harness.stop()
    }

    @Test("Names and values of the query", arguments: kilobytes)
    func queries(kilobytes: Int) async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let marks = PathSegments.encode(Self.marks(kilobytes))
        let isLong = Self.marks(kilobytes).utf8.count > QueryParameters.longestValue
        for (query, code) in [
            ("/events?\(marks)=1", "invalid-request"), ("/events?\(marks)", "invalid-request"),
            ("/events?wait=0&after=\(marks)", isLong ? "invalid-request" : "invalid-cursor"),
            ("/events?types=\(marks)", "invalid-request"), ("/events?types=\(marks).*", "invalid-request"),
            ("/events?consumer=\(marks)", "invalid-request"), ("/events?wait=\(marks)", "invalid-request"),
            ("/events?limit=\(marks)", "invalid-request"), ("/contacts?list=\(marks)", "invalid-request"),
            ("/contacts?status=\(marks)", "invalid-request"), ("/contacts?pending=\(marks)", "invalid-request"),
            ("/services/profile?lcid=\(marks)", "invalid-request"),
            ("/services/compose?to=\(marks)", "invalid-request"),
            ("/events?" + String(repeating: "&", count: 1024 * kilobytes) + "x=1", "invalid-request"),
        ] {
            var call: PendingCall?
            isLinear(String(query.prefix(30)), query) { call = alice.begin("GET", query) }
            let answer = try #require(await call?.answer())
            #expect(answer.code == code, "\(query.prefix(30))")
            #expect(answer.response.body.count < 1500, "the answer does not grow with it")
        }
        try await harness.stop()
    }

    @Test("Names and values of members", arguments: kilobytes)
    func members(kilobytes: Int) throws {
        let marks = Self.marks(kilobytes)
        isLinear("a name", marks) {
            #expect(throws: JSONSyntaxError.nameTooLong("")) {
                try JSONParser.parse(Array(#"{"\#(marks)":0,"\#(marks)":1}"#.utf8))
            }
        }
        let body = try JSONText.object(
            Array(
                ##"{"status":"\##(marks)","unknownContacts":"\##(marks)","place":"\##(marks)","to":"\##(marks)","text":"x","clientRef":"\##(marks)","format":{"font":"\##(marks)","color":"\##(marks)"},"country":"\##(marks)","firstName":"\##(marks)","lastName":"\##(marks)","displayName":"\##(marks)","home":"\##(marks)","participants":["\##(marks)","\##(marks)"]}"##
                    .utf8))
        for (name, read) in [
            ("/status", { _ = $0.presence("status", required: true) }),
            ("/unknownContacts", { _ = $0.privacy("unknownContacts") }), ("/to", { _ = $0.account("to") }),
            ("/clientRef", { _ = $0.messageDraft() }), ("/format/font", { _ = $0.messageDraft() }),
            ("/format/color", { _ = $0.messageDraft() }), ("/country", { _ = $0.directoryQuery() }),
            ("/displayName", { _ = $0.displayName("displayName", required: true) }),
            ("/home", { _ = $0.phoneNumber("home") }),
            ("/participants/1", { _ = $0.accounts("participants") { _ in false } }),
        ] as [(String, (inout BodyReader) -> Void)] {
            var reader = BodyReader(body)
            // Eight members may hold the text, and each is looked at for itself.
            isLinear(name, String(repeating: marks, count: 8)) { read(&reader) }
            var pointers: [String] = []
            do throws(Problem) { try reader.finish() } catch { pointers = error.errors.map(\.pointer) }
            #expect(pointers.contains(name), "\(name)")
        }
    }

    @Test("What is equal by Unicode's rules is not the same")
    func equivalents() throws {
        let names = try JSONParser.parse(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8))
        #expect(names == .object(["\u{E9}": .number(1), "e\u{301}": .number(2)]), "two names")
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        // KELVIN SIGN in lower case is a k.
        #expect(!HostPolicy(publicHosts: ["kiosk.example"]).permits("\u{212A}iosk.example"))
        let origins = OriginPolicy(listed: ["https://kiosk.example"])
        #expect(origins.permits(origin: "https://KIOSK.example", host: nil))
        #expect(!origins.permits(origin: "https://\u{212A}iosk.example", host: nil))
        #expect(!origins.permits(origin: "https://\u{212A}iosk.example", host: "kiosk.example"))
        // GREEK QUESTION MARK is a semicolon.
        #expect(Accept.best(of: ["application/json"], for: "application/json\u{37E}q=1") == nil)
        #expect(MediaType(parsing: "application/json\u{37E}charset=utf-8")?.name != "application/json")
        let head = RequestHead(method: "GET", path: "/", headers: [("Prefer", "wait=5\u{37E}x")])
        #expect(Preferences(head).wait == nil)
        // Two letters by Unicode's upper case.
        var reader = BodyReader(["firstName": .string("A"), "lastName": .string("B"), "country": .string("\u{DF}")])
        #expect(reader.directoryQuery() == nil)
    }
}
