import GatewayClient
import Testing

@testable import ClientCommands

@Suite struct APIWordsTests {
    @Test(
        "Words make requests",
        arguments: [
            ("contacts", "GET", "/v1/sessions/s%2Fd/contacts", ""),
            ("/v1/errors", "GET", "/v1/errors", ""),
            ("GET contacts list=forward pending:=true", "GET", "/v1/sessions/s%2Fd/contacts", ""),
            ("PUT presence status=busy", "PUT", "/v1/sessions/s%2Fd/presence", #"{"status":"busy"}"#),
            ("messages to=b@x text=a=b:=c", "POST", "/v1/sessions/s%2Fd/messages", #"{"text":"a=b:=c","to":"b@x"}"#),
            (
                #"PATCH x a:=true b:=[1,2.5,null] c:={"d":"e"}"#, "PATCH", "/v1/sessions/s%2Fd/x",
                #"{"a":true,"b":[1,2.5,null],"c":{"d":"e"}}"#
            ),
            ("POST conversations/c/typing", "POST", "/v1/sessions/s%2Fd/conversations/c/typing", ""),
        ])
    func requests(_ line: String, _ method: String, _ path: String, _ body: String) throws {
        let request = try APIWords.request(line.split(separator: " ").map(String.init), session: "s/d")
        #expect(request.method == method)
        #expect(request.path == path)
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == body)
    }

    @Test("Members of a GET are its query, and streams have no end")
    func queries() throws {
        let request = try APIWords.request(["GET", "contacts", "list=forward", "pending:=true"], session: "s")
        #expect(request.query.map { "\($0.name) \($0.value)" } == ["list forward", "pending true"])
        #expect(!request.isEndless)
        #expect(try APIWords.request(["trace"], session: "s").isEndless)
        #expect(try APIWords.request(["GET", "/v1/stream?types=typing"], session: "s").isEndless)
        #expect(try !APIWords.request(["POST", "stream"], session: "s").isEndless)
    }

    @Test(
        "Words that make no request are wrong usage",
        arguments: [
            [], ["GET"], [""], ["x", "y"], ["x", "=y"], ["x", ":=1"], ["x", "a:={"], ["x", "a=1", "a=2"],
        ])
    func refusals(_ words: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try APIWords.request(words, session: "s") }
        #expect(failure?.exitCode == 64)
    }
}
