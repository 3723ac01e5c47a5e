import Synchronization
import TestSupport
import Testing

@testable import HTTPFront

/// Answers on one connection that are the same but for a field: what the library has of one is used for the next, and nobody sees it.
@Suite(.timeLimit(.minutes(2))) struct RepeatedAnswerTests {
    /// Held once, as the bodies are that many are answered with.
    private static let bodies = [
        Array("one".utf8), Array("two".utf8), Array(repeating: UInt8(ascii: "x"), count: 4_000),
    ]

    /// Answers with what the path asks for: the place of a body, a status and a field; each has a number of its own.
    private static func handler() -> TestHandler {
        let numbers = Numbers()
        return TestHandler { head in
            let words = head.path.split(separator: "/").map(String.init)
            let number = "\(numbers.next())"
            var response = Response(
                status: Int(words[1]) ?? 500, headers: [("Kind", words[2])], body: Self.bodies[Int(words[0]) ?? 0])
            response.add("Number", number)
            if words.count > 3 { response.add("More", words[3]) }
            return .answer(.now(response))
        }
    }

    /// Counts requests.
    private final class Numbers: Sendable {
        private let last = Atomic(0)
        func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    @Test("Each answer has its own fields, status and body, whatever the one before it was")
    func answers() async throws {
        try await withServer(Self.handler()) { server in
            let client = try await RawClient.connect(to: server)
            let paths = [
                "0/200/a", "0/200/a", "0/200/a", "0/200/a", "0/200/b", "0/200/b", "0/404/b", "0/404/b", "0/404/b",
                "1/404/b", "1/404/b", "1/404/b", "1/404/b/more", "1/404/b/more", "1/404/b/more", "1/404/b", "2/200/a",
                "2/200/a", "2/200/a", "0/200/a", "0/200/a", "0/200/a", "0/304/a", "0/304/a", "0/304/a", "0/200/a",
            ]
            for (place, path) in paths.enumerated() {
                // HEAD is told the same, without the body.
                for method in ["GET", "GET", "GET", "HEAD", "GET"] {
                    try await client.send("\(method) /\(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    let words = path.split(separator: "/").map(String.init)
                    let response = try await client.response(toHead: method == "HEAD" || words[1] == "304")
                    #expect(response.status == Int(words[1]), "\(place) \(method)")
                    #expect(response.headers.values(of: "Kind") == [words[2]])
                    #expect(response.headers.values(of: "More") == Array(words.dropFirst(3)))
                    #expect(response.headers.values(of: "Number").count == 1)
                    if method == "GET", words[1] != "304" {
                        #expect(Array(response.text.utf8) == Self.bodies[Int(words[0]) ?? 0])
                    }
                }
            }
            client.close()
        }
    }

    @Test("No number comes twice, on two connections that take turns, and the last answer closes its own")
    func numbers() async throws {
        try await withServer(Self.handler()) { server in
            let clients = [try await RawClient.connect(to: server), try await RawClient.connect(to: server)]
            var numbers: [String] = []
            for _ in 0..<6 {
                for client in clients {
                    try await client.send("GET /0/200/a HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    let response = try await client.response()
                    numbers += response.headers.values(of: "Number")
                    #expect(!response.headers.contains("Connection"))
                }
            }
            #expect(numbers.count == 12)
            #expect(Set(numbers).count == 12)
            try await clients[0].send("GET /0/200/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let last = try await clients[0].response()
            #expect(last.text == "one")
            #expect(last.headers.first(of: "Connection") == "close")
            for client in clients { client.close() }
        }
    }

    @Test("What has to change of an answer's fields is the value of one, nothing, or too much")
    func changes() {
        /// How many values have to change; nil for too much.
        func changes(_ others: HeaderFields) -> Int? {
            let fields: HeaderFields = [("One", "1"), ("Two", "2")]
            return fields.onlyChange(to: others).map { $0 == nil ? 0 : 1 }
        }
        #expect(changes([("One", "1"), ("Two", "2")]) == 0)
        #expect(changes([("One", "1"), ("Two", "22")]) == 1)
        #expect(changes([("One", ""), ("Two", "2")]) == 1)
        #expect(changes([("One", "0"), ("Two", "0")]) == nil)
        #expect(changes([("One", "1")]) == nil)
        #expect(changes([("One", "1"), ("two", "2")]) == nil)
        #expect(changes([("Two", "2"), ("One", "1")]) == nil)
        #expect(changes([("One", "1"), ("Two", "2"), ("Three", "3")]) == nil)
        #expect(changes([("One", "1"), ("Two", "2\r\n")]) == nil)
        #expect(changes([("One", "1"), ("Connection", "close")]) == nil)
    }
}
