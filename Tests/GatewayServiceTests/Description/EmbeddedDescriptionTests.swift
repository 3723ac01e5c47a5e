import Foundation
import HTTPFront
import Testing
import YAML

@testable import Gateway
@testable import GatewayService

@Suite struct EmbeddedDescriptionTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../api-spec/openapi.yaml")

    @Test("The program has the description of the checkout that it was built in")
    func theFile() async throws {
        let response = try await DescriptionForms(.embedded).response(.yaml)
        #expect(response.body == Array(try Data(contentsOf: Self.file)))
        #expect(response.value(of: "Content-Type") == "application/yaml")
        #expect(response.value(of: "ETag") != nil)
    }

    @Test("As JSON it has the same paths and says the same")
    func json() async throws {
        let forms = DescriptionForms(.embedded)
        let body = try await forms.response(.json).body
        let root = try JSONSerialization.jsonObject(with: Data(body))
        #expect(text(root, "openapi") == "3.1.0")
        #expect(
            text(root, "paths", "/v1/errors/{code}", "get", "responses", "404", "$ref")
                == "#/components/responses/NotFound")
    }

    private func text(_ value: Any, _ path: String...) -> String? {
        path.reduce(value as Any?) { value, name in (value as? [String: Any])?[name] } as? String
    }

    @Test("Each form is made once")
    func once() async throws {
        let forms = DescriptionForms(APIDescription(yaml: { [] }) { throw CancellationError() })
        _ = try await forms.response(.yaml)
        await #expect(throws: Problem.self) { try await forms.response(.json) }
    }

    @Test(
        "Plain scalars are those of YAML 1.2's core schema, quoted ones are texts",
        arguments: [
            ("~", .null), ("", .null), ("true", .bool(true)), ("'true'", .string("true")), ("yes", .string("yes")),
            ("12", .integer(12)), ("-1", .integer(-1)), ("'200'", .string("200")), ("0.5", .number(0.5)),
            ("0x0409", .integer(1033)), ("0o17", .integer(15)), ("2025-01-01", .string("2025-01-01")),
            ("infinity", .string("infinity")),
            (
                "{ b: 1, a: [x, 2] }",
                .mapping([.init("b", .integer(1)), .init("a", .list([.string("x"), .integer(2)]))])
            ),
            (
                "[&one { a: 1 }, *one]",
                .list([.mapping([.init("a", .integer(1))]), .mapping([.init("a", .integer(1))])])
            ),
        ] as [(String, DescriptionNode)])
    func scalars(yaml: String, node: DescriptionNode) throws {
        #expect(DescriptionNode(try YAMLNode.parse(yaml)) == node)
    }

    @Test("As JSON everything stands in its order, and says what YAML's core schema makes of it")
    func sample() throws {
        let yaml = #"""
            openapi: 3.1.0
            info: &info
              title: 'It''s "quoted"'
              version: "1.0"
              description: |
                Two lines,
                é and 😀
              folded: >-
                one
                line
            numbers: [0, -12, 0x0409, 0o17, 0.5, 1e3, 007, +1, 1_000]
            words: [true, False, NULL, ~, yes, 2025-01-01, .inf, '', "null"]
            empty: {}
            none: []
            nothing:
            again: *info
            """#
        let info =
            #"{"title":"It's \"quoted\"","version":"1.0","#
            + #""description":"Two lines,\né and 😀\n","folded":"one line"}"#
        let json =
            #"{"openapi":"3.1.0","info":\#(info),"numbers":[0,-12,1033,15,0.5,1000.0,7,1,"1_000"],"#
            + #""words":[true,false,null,null,"yes","2025-01-01",".inf","","null"],"#
            + #""empty":{},"none":[],"nothing":null,"again":\#(info)}"#
        let node = DescriptionNode(try YAMLNode.parse(yaml))
        #expect(String(decoding: JSONWriter.bytes(of: node), as: UTF8.self) == json)
    }

    @Test("The page has every operation, event and schema, leads nowhere else, and has nothing inline")
    func page() async throws {
        let response = try await DescriptionForms(.embedded).response(.page)
        let text = String(decoding: response.body, as: UTF8.self)
        let root = try APIDescription.embedded.parse()
        for path in root["paths"]?.members ?? [] {
            for method in ReferencePage.methods {
                guard let operation = path.value[method]?["operationId"]?.text else { continue }
                #expect(text.contains("<h3 id=\"\(operation)\">"))
                #expect(text.contains("<a href=\"#\(operation)\">"))
            }
        }
        let anchors = Set(text.matches(of: #/ id="([^"]+)"/#).map { String($0.1) })
        #expect(anchors.count == text.matches(of: #/ id="/#).count)
        for link in text.matches(of: #/ (?:href|src)="([^"]+)"/#).map(\.1) {
            #expect(link.hasPrefix("/") || anchors.contains(String(link.dropFirst())), "\(link)")
        }
        // Of no single operation.
        let everywhere: [ProblemCode] = [.internalError, .methodNotAllowed, .preconditionFailed]
        for code in ProblemCode.allCases where !everywhere.contains(code) {
            #expect(text.contains("href=\"/docs/problems#\(code.rawValue)\""), "\(code)")
        }
        let scripts = text.matches(of: #/<script([^>]*)>/#).map { String($0.1) }
        #expect(scripts == [" type=\"module\" src=\"/js/docs/docs.js\""])
        #expect(text.contains("src=\"/js/docs/docs.js\"></script>"))
        #expect(!text.contains(" style=") && !text.contains("<style") && text.matches(of: #/ on[a-z]+="/#).isEmpty)
        #expect(text.contains("<h3 id=\"event-session.state\">"))
        let policy = try #require(response.value(of: "Content-Security-Policy"))
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"))
        #expect(!policy.contains("unsafe") && !policy.contains("http"))
    }
}
