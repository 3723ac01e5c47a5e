import HTTPFront
import TestSupport
import Testing

/// Heads on one connection that resemble each other: what they have in common is shared, and nothing else.
@Suite(.timeLimit(.minutes(2))) struct RepeatedHeadTests {
    /// What a handler keeps of a head.
    private final class Memo: Sendable {
        let head: RequestHead

        init(_ head: RequestHead) { self.head = head }
    }

    /// Answers with all of the head, and with whether it was given what it kept of the same one before.
    private struct Handler: RequestHandler {
        let base: TestHandler

        init() { base = TestHandler { _ in .answer(.now(Response(status: 500))) } }

        func receive(_ head: RequestHead) -> Reception { .answer(.now(Response(status: 500))) }

        func receive(_ head: RequestHead, _ memo: inout HeadMemo?) -> Reception {
            let known = memo as? Memo
            memo = Memo(head)
            let isWrong = known.map { !isSame($0.head, head) } ?? false
            let response = Response(
                status: isWrong ? 500 : 200, headers: [("Known", known == nil ? "no" : "yes")],
                text: RepeatedHeadTests.text(of: head))
            guard head.hasBody else { return .answer(.now(response)) }
            return .readBody(limit: 100, tooLarge: { Response(status: 413) }, then: { _ in .now(response) })
        }

        private func isSame(_ one: RequestHead, _ other: RequestHead) -> Bool {
            one.method == other.method && one.path == other.path && one.authority == other.authority
                && zip(one.headers, other.headers).allSatisfy { $0 == $1 } && one.headers.count == other.headers.count
        }

        func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response { base.refuse(refusal, head) }
        func refuse(_ refusal: ConnectionRefusal) -> Response { base.refuse(refusal) }
        func isProbe(_ head: RequestHead) -> Bool { false }
        func noteRefusals(_ refusal: ConnectionRefusal, count: Int) {}
        func noteLongTurn(_ turn: LongTurn) {}
    }

    private static func text(of head: RequestHead) -> String {
        "\(head.method) \(head.path) \(head.query ?? "-") \(head.authority ?? "-")\n"
            + head.headers.map { "\($0.name)|\($0.value)\n" }.joined()
    }

    private static let first = "GET /a/b?x=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer one\r\n\r\n"

    /// What a request is answered that comes after others on its connection.
    private func ask(
        _ client: RawClient, _ request: String
    ) async throws -> (status: Int, known: String?, text: String) {
        try await client.send(request)
        let response = try await client.response(toHead: request.hasPrefix("HEAD"))
        return (response.status, response.headers["Known"], response.text)
    }

    @Test("The same head comes again, and again with other queries")
    func again() async throws {
        try await withServer(Handler()) { server in
            let client = try await RawClient.connect(to: server)
            var known: [String?] = []
            for query in ["?x=1", "?x=1", "?x=2", "", "?", "?x=2", "?y"] {
                let request = Self.first.replacing("?x=1", with: query)
                let answer = try await ask(client, request)
                #expect(answer.status == 200)
                #expect(answer.text.hasPrefix("GET /a/b \(query.isEmpty ? "-" : String(query.dropFirst())) -\n"))
                #expect(answer.text.hasSuffix("\nHost|localhost\nAuthorization|Bearer one\n"))
                known.append(answer.known)
            }
            #expect(known == ["no"] + Array(repeating: "yes", count: 6))
            // Another connection knows nothing of it.
            let other = try await RawClient.connect(to: server)
            #expect(try await ask(other, Self.first).known == "no")
            client.close()
            other.close()
        }
    }

    @Test(
        "What differs in anything but the query is another head",
        arguments: [
            ("GET ", "HEAD "), ("/a/b", "/a/c"), ("/a/b", "/a/b/"), ("/a/b?x=1", "/a/bc"), ("/a/b", "/A/b"),
            ("/a/b", "http://localhost/a/b"), ("one", "two"), ("one", "One"), ("one", "one2"), ("one", "on"),
            ("Host: localhost\r\nAuthorization: Bearer one", "Authorization: Bearer one\r\nHost: localhost"),
            ("Host", "host"), ("localhost", "localhost:80"), ("Bearer one", "Bearer one "),
            ("\r\n\r\n", "\r\nOrigin: https://evil.example\r\n\r\n"), ("\r\n\r\n", "\r\nAccept: text/html\r\n\r\n"),
            ("Authorization: Bearer one\r\n", ""), ("Host", "X: 1\r\nHost"),
            ("\r\n\r\n", "\r\nAuthorization: Bearer one\r\n\r\n"), ("HTTP/1.1", "HTTP/1.0"),
        ])
    func others(part: String, instead: String) async throws {
        try await withServer(Handler()) { server in
            let other = Self.first.replacing(part, with: instead)
            // By itself, on a connection of its own.
            let fresh = try await RawClient.connect(to: server)
            let alone = try await ask(fresh, other)
            fresh.close()
            let client = try await RawClient.connect(to: server)
            #expect(try await ask(client, Self.first).known == "no")
            let after = try await ask(client, other)
            #expect(after == alone)
            #expect(after.known == "no")
            client.close()
        }
    }

    @Test("A head with a body, or a refused one, is not kept, and nothing of the one before is")
    func between() async throws {
        try await withServer(Handler()) { server in
            let client = try await RawClient.connect(to: server)
            #expect(try await ask(client, Self.first).known == "no")
            let body = Self.first.replacing("\r\n\r\n", with: "\r\nContent-Length: 1\r\n\r\nx")
            #expect(try await ask(client, body).known == "no")
            #expect(try await ask(client, body).known == "no")
            let post = Self.first.replacing("GET", with: "POST")
            #expect(try await ask(client, post).known == "no")
            #expect(try await ask(client, post).known == "no")
            #expect(try await ask(client, Self.first).known == "no")
            #expect(try await ask(client, Self.first).known == "yes")
            let refused = Self.first.replacing("?x=1", with: "?x=#")
            #expect(try await ask(client, refused).status == 400)
            client.close()
        }
    }

    @Test("What is no query is refused after a sound one, too", arguments: ["?x=#", "?x=\u{7F}", "?x=\u{E9}"])
    func unsoundQueries(query: String) async throws {
        try await withServer(Handler()) { server in
            let client = try await RawClient.connect(to: server)
            #expect(try await ask(client, Self.first).status == 200)
            #expect(try await ask(client, Self.first.replacing("?x=1", with: query)).status == 400)
            client.close()
        }
    }

    @Test("Lines that the library folds or cuts are refused after sound ones, too")
    func unsoundLayout() async throws {
        try await withServer(Handler()) { server in
            for unsound in ["\r\n x\r\n\r\n", "\u{0}\r\n\r\n"] {
                let client = try await RawClient.connect(to: server)
                #expect(try await ask(client, Self.first).status == 200)
                let status = try? await ask(client, Self.first.replacing("\r\n\r\n", with: unsound)).status
                #expect(status == nil || status == 400)
                client.close()
            }
        }
    }

    @Test("A large head is not kept on a connection that is idle")
    func large() async throws {
        try await withServer(Handler()) { server in
            let client = try await RawClient.connect(to: server)
            let large = Self.first.replacing("\r\n\r\n", with: "\r\nX: \(String(repeating: "x", count: 1600))\r\n\r\n")
            for _ in 0..<2 { #expect(try await ask(client, large).known == "no") }
            client.close()
        }
    }

    @Test("Whatever a byte is changed to, a head is read as on a connection of its own", arguments: 0..<8)
    func anyByte(seed: Int) async throws {
        try await withServer(Handler()) { server in
            var numbers = SplitMix(seed: UInt64(seed))
            let kept = Array(Self.first.utf8)
            let letters = Array("aAzZ0?&=/:. \t-Bb%".utf8)
            for _ in 0..<40 {
                var changed = kept
                let place = Int.random(in: 0..<kept.count - 4, using: &numbers)
                let letter = letters[Int.random(in: 0..<letters.count, using: &numbers)]
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: changed[place] = letter
                case 1: changed.remove(at: place)
                default: changed.insert(letter, at: place)
                }
                let request = String(decoding: changed, as: UTF8.self)
                // What the library answers with a page of its own, or closes on, has no head to compare.
                let fresh = try await RawClient.connect(to: server)
                let alone = try? await ask(fresh, request)
                fresh.close()
                let client = try await RawClient.connect(to: server)
                _ = try await ask(client, Self.first)
                let after = try? await ask(client, request)
                client.close()
                #expect(after?.status == alone?.status, "\(request)")
                #expect(after?.text == alone?.text, "\(request)")
                let isSame = after?.status == 200 && after?.text.split(separator: "\n").dropFirst() == Self.fields
                if after?.known == "yes" { #expect(isSame && request.hasPrefix("GET /a/b"), "\(request)") }
            }
        }
    }

    /// As the answer to the first one has them.
    private static let fields: ArraySlice<Substring> = ["", "Host|localhost", "Authorization|Bearer one"].dropFirst()
}
