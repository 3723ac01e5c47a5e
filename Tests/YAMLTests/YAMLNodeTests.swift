import Testing
import YAML

/// What a text says, against the examples of YAML 1.2, chapter 2 and 5 to 9, and where it is no YAML.
@Suite struct YAMLNodeTests {
    /// A node without its lines.
    private indirect enum Shape: Equatable {
        case plain(String)
        case text(String)
        case list([Shape])
        case mapping([[Shape]])

        init(_ node: YAMLNode) {
            switch node.content {
            case .scalar(let text, let isPlain): self = isPlain ? .plain(text) : .text(text)
            case .list(let items): self = .list(items.map(Shape.init))
            case .mapping(let members): self = .mapping(members.map { [Shape($0.key), Shape($0.value)] })
            }
        }
    }

    private func shape(_ text: String) throws -> Shape { Shape(try #require(try YAMLNode.parse(text))) }

    @Test("Example 2.10: an alias stands for what its anchor is before")
    func alias() throws {
        let text = """
            ---
            hr:
              - Mark McGwire
              # Following node labeled SS
              - &SS Sammy Sosa
            rbi:
              - *SS # Subsequent occurrence
              - Ken Griffey
            """
        #expect(
            try shape(text)
                == .mapping([
                    [.plain("hr"), .list([.plain("Mark McGwire"), .plain("Sammy Sosa")])],
                    [.plain("rbi"), .list([.plain("Sammy Sosa"), .plain("Ken Griffey")])],
                ]))
    }

    @Test("Example 2.17: quoted scalars are no plain ones, and their escapes are resolved")
    func quoted() throws {
        let text = #"""
            unicode: "Sosa did fine.\u263A"
            control: "\b1998\t1999\t2000\n"
            hex esc: "\x0d\x0a is \r\n"

            single: '"Howdy!" he cried.'
            quoted: ' # Not a ''comment''.'
            tie-fighter: '|\-*-/|'
            """#
        #expect(
            try shape(text)
                == .mapping([
                    [.plain("unicode"), .text("Sosa did fine.\u{263A}")],
                    [.plain("control"), .text("\u{8}1998\t1999\t2000\n")],
                    [.plain("hex esc"), .text("\r\n is \r\n")],
                    [.plain("single"), .text(#""Howdy!" he cried."#)],
                    [.plain("quoted"), .text(" # Not a 'comment'.")],
                    [.plain("tie-fighter"), .text(#"|\-*-/|"#)],
                ]))
    }

    @Test("Examples 2.13, 2.14 and 2.5: block scalars, and collections in one line")
    func styles() throws {
        #expect(try shape("--- |\n  \\//||\\/||\n  // ||  ||__\n") == .text("\\//||\\/||\n// ||  ||__\n"))
        #expect(
            try shape("--- >\n  Mark McGwire's\n  year was crippled\n  by a knee injury.\n")
                == .text("Mark McGwire's year was crippled by a knee injury.\n"))
        #expect(
            try shape("- [name, hr]\n- {Mark: 65}")
                == .list([.list([.plain("name"), .plain("hr")]), .mapping([[.plain("Mark"), .plain("65")]])]))
    }

    @Test("Example 2.11: a key may be anything")
    func keys() throws {
        #expect(
            try shape("? - Detroit Tigers\n  - Chicago cubs\n: 2001-07-23")
                == .mapping([[.list([.plain("Detroit Tigers"), .plain("Chicago cubs")]), .plain("2001-07-23")]]))
    }

    @Test("Zeros, byte order marks and line ends of Windows are no trouble")
    func bytes() throws {
        #expect(try shape("\"a\\0b\"") == .text("a\0b"))
        #expect(try shape("\u{FEFF}a: b") == .mapping([[.plain("a"), .plain("b")]]))
        #expect(try shape("a: 1\r\nb: 2\r\n") == .mapping([[.plain("a"), .plain("1")], [.plain("b"), .plain("2")]]))
    }

    @Test("Each part knows its line, and what an alias stands for has its own")
    func lines() throws {
        let root = try #require(try YAMLNode.parse("# first\na: &x\n  - b\n  -\n    c: d\ne: *x\n"))
        let members = try #require(root.members)
        #expect(root.line == 2)
        #expect(members.map(\.key.line) == [2, 6])
        #expect(members[0].value.items?.map(\.line) == [3, 5])
        #expect(members[1].value == members[0].value)
    }

    @Test(arguments: ["", "\n\n", "# nothing\n"])
    func nothing(text: String) throws { #expect(try YAMLNode.parse(text) == nil) }

    @Test(
        "Only what is written without quotes can mean nothing",
        arguments: [
            ("~", true), ("null", true), ("Null", true), ("NULL", true), ("---\n", true), ("'~'", false),
            ("\"\"", false), ("nULL", false), ("[]", false), ("{}", false), ("0", false),
        ])
    func null(text: String, isNull: Bool) throws {
        #expect(try #require(try YAMLNode.parse(text)).isNull == isNull)
    }

    @Test(
        "What is no YAML is said in libyaml's words, with its line",
        arguments: [
            ("a: b: c", .malformed("mapping values are not allowed in this context", line: 1)),
            ("a:\n  - b\n - c", .malformed("did not find expected key", line: 3)),
            ("a: \"b\n", .malformed("found unexpected end of stream", line: 2)),
            ("a: [b", .malformed("did not find expected ',' or ']'", line: 2)),
            ("a: b\n\tc: d", .malformed("found a tab character that violates indentation", line: 2)),
            ("a: \u{1}", .malformed("control characters are not allowed", line: nil)),
            ("a: 1\n---\nb: 2", .malformed("but found another document", line: 2)),
            ("a: 1\nb: *c", .malformed("found undefined alias", line: 2)),
            // Known only once it is whole.
            ("&a [1, *a]", .malformed("found undefined alias", line: 1)),
            ("b: 1\nc:\n  b: 2\n  d: 3\n  b: 4\n", .doubledKeys(["b"], line: 3)),
            ("z: 1\na: 1\nz: 2\na: 2\n", .doubledKeys(["a", "z"], line: 2)),
            ("a: 1\n'a': 2\n", .doubledKeys(["a"], line: 1)),
        ] as [(String, YAMLError)])
    func malformed(text: String, error: YAMLError) {
        #expect(throws: error) { try YAMLNode.parse(text) }
    }

    @Test("The same letter in other scalars is another key")
    func keysAreBytes() throws {
        #expect(try YAMLNode.parse("\u{E9}: 1\ne\u{301}: 2")?.members?.count == 2)
    }

    @Test("Nesting ends where it would fill the stack")
    func depth() throws {
        let just = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try YAMLNode.parse(just)?.items?.count == 1)
        let endless = String(repeating: "[", count: 100_000)
        #expect(throws: YAMLError.malformed("nested too deeply", line: 1)) { try YAMLNode.parse(endless) }
    }

    @Test("Aliases of aliases are no more work than they are long")
    func laughs() throws {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(try YAMLNode.parse(text)?.members?.count == 61)
    }
}
