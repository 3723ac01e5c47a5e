import Testing

@testable import ClientCommands

@Suite struct TerminalTextTests {
    @Test(
        "Nothing that a terminal would obey is shown as it came",
        arguments: [
            ("plain Zoë ☕", "plain Zoë ☕"), ("\u{1B}[31mred\u{7}", "\u{FFFD}[31mred\u{FFFD}"),
            ("a\u{9B}2Jb", "a\u{FFFD}2Jb"),
            ("\u{202E}txt.exe\u{2066}\u{2028}", "\u{FFFD}txt.exe\u{FFFD}\u{FFFD}"), ("a\r\nb\tc", "a\u{FFFD} b c"),
            ("\u{61C}1\u{200E}2\u{200F}", "\u{FFFD}1\u{FFFD}2\u{FFFD}"), ("", ""),
        ])
    func line(_ text: String, _ shown: String) {
        #expect(TerminalText.line(text) == shown)
    }

    @Test("Several lines stay several lines, where they may")
    func lines() {
        #expect(TerminalText.visible("a\n\tb\u{1B}", keepsLines: true) == "a\n\tb\u{FFFD}")
        #expect(TerminalText.visible("a\n\tb") == "a\u{FFFD}\u{FFFD}b")
    }

    @Test("What comes in pieces is shown by lines, so that no half of what a terminal obeys slips by")
    func pieces() {
        var lines = TerminalLines()
        let stream = Array("a ☕\u{9B}2J\u{1B}[2J\n\u{202E}b\nc".utf8)
        let shown = stream.map { lines.take([$0]) }
        #expect(String(decoding: shown.joined(), as: UTF8.self) == "a ☕\u{FFFD}2J\u{FFFD}[2J\n\u{FFFD}b\n")
        #expect(shown.count { !$0.isEmpty } == 2)
        // Whoever never ends a line is not waited for, either.
        let endless = lines.take([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
        #expect(endless.count == 1 + 1 << 20)
    }

    @Test("Colours are for terminals that want some")
    func colors() {
        #expect(TerminalStyle(isTerminal: true, isColored: true).paint("x", .red) == "\u{1B}[31mx\u{1B}[0m")
        #expect(TerminalStyle(isTerminal: true, isColored: false).paint("x", .red) == "x")
    }
}
