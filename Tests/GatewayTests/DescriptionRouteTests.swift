import HTTPFront
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct DescriptionRouteTests {
    /// Made anew each time: the search for leaks does not see what only an enumeration's case holds for good.
    private static var tree: DescriptionNode {
        .mapping([
            .init("openapi", .string("3.1.0")), .init("paths", .mapping([])),
            .init("info", .mapping([.init("title", .string("<T>")), .init("version", .string("1"))])),
            .init("b", .list([.integer(1), .null, .bool(true), .number(0.5)])),
            .init("a", .string("é\n\"\\\u{1}")),
        ])
    }

    private func harness() async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox {
            $0.description = APIDescription(yaml: { Array("a: b".utf8) }) { Self.tree }
        }
    }

    @Test("Everybody may read it, once for each tag")
    func forms() async throws {
        let harness = try await harness()
        for (path, type) in [
            ("/openapi.yaml", "application/yaml"), ("/openapi.json", "application/json"),
            ("/docs", "text/html; charset=utf-8"),
        ] {
            let answer = await harness.call("GET", path)
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == type)
            #expect(answer.header("Cache-Control") == "no-cache")
            let tag = try #require(answer.header("ETag"))
            let again = await harness.call("GET", path, headers: [("If-None-Match", tag)])
            #expect(again.status == 304 && again.text.isEmpty)
            #expect(await harness.call("HEAD", path).status == 200)
            #expect(await harness.call("POST", path).status == 405)
            #expect(await harness.call("GET", path + "?x=1").status == 400)
        }
        #expect(await harness.call("GET", "/docs", headers: [("Accept", "application/json")]).status == 406)
        try await harness.stop()
    }

    @Test func json() async throws {
        let harness = try await harness()
        let answer = await harness.call("GET", "/openapi.json")
        #expect(
            answer.text
                == #"{"openapi":"3.1.0","paths":{},"info":{"title":"<T>","version":"1"},"b":[1,null,true,0.5],"a":"é\n\"\\\u0001"}"#
        )
        try await harness.stop()
    }

    @Test("What the description says is text on the page")
    func escaping() async throws {
        let harness = try await harness()
        let page = await harness.call("GET", "/docs").text
        #expect(page.contains("&lt;T&gt;") && !page.contains("<T>"))
        try await harness.stop()
    }

    @Test("A gateway without a description has none")
    func none() async throws {
        let harness = try await GatewayHarness.withSandbox()
        #expect(await harness.call("GET", "/openapi.json").status == 404)
        try await harness.stop()
    }

    @Test(
        "JSON for people has short things on a line",
        arguments: [
            (
                tree,
                "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {},\n  \"info\": {\"title\": \"<T>\", \"version\": \"1\"},\n  \"b\": [1, null, true, 0.5],\n  \"a\": \"é\\n\\\"\\\\\\u0001\"\n}"
            ),
            (.list([]), "[]"), (.mapping([]), "{}"), (.list([.mapping([])]), "[{}]"),
            (.list([.string(String(repeating: "x", count: 80))]), "[\n  \"\(String(repeating: "x", count: 80))\"\n]"),
        ] as [(DescriptionNode, String)])
    func readable(node: DescriptionNode, text: String) {
        #expect(node.readable == text)
    }

    @Test(
        "Markdown",
        arguments: [
            ("one\ntwo\n\nthree `a<b`\n", "<p>one two</p>\n<p>three <code>a&lt;b</code></p>"),
            ("* a\n  b\n* c", "<ul><li>a b</li><li>c</li></ul>"),
            (
                "| A | B |\n| --- | --- |\n| 1 | `x` |",
                "<table><tr><th>A </th><th>B </th></tr><tr><td>1 </td><td><code>x</code> </td></tr></table>"
            ),
        ])
    func markdown(text: String, html: String) {
        #expect(Markdown.html(text) == html)
    }
}
