import Testing

@testable import ClientCommands

@Suite struct TerminalTextTests {
    @Test(
        "Nothing that a terminal would obey is shown as it came",
        arguments: [
            ("plain Zoë ☕", "plain Zoë ☕"), ("\u{1B}[31mred\u{7}", "\u{FFFD}[31mred\u{FFFD}"),
            ("a\u{9B}2Jb", "a\u{FFFD}2Jb"),
            ("\u{202E}txt.exe\u{2066}\u{2028}", "\u{FFFD}txt.exe\u{FFFD}\u{FFFD}"), ("a\r\nb\tc", "a\u{FFFD} b c"),
            ("", ""),
        ])
    func line(_ text: String, _ shown: String) {
        #expect(TerminalText.line(text) == shown)
    }

    @Test("Several lines stay several lines, where they may")
    func lines() {
        #expect(TerminalText.visible("a\n\tb\u{1B}", keepsLines: true) == "a\n\tb\u{FFFD}")
        #expect(TerminalText.visible("a\n\tb") == "a\u{FFFD}\u{FFFD}b")
    }

    @Test("Colours are for terminals that want some")
    func colors() {
        #expect(TerminalStyle(isTerminal: true, isColored: true).paint("x", .red) == "\u{1B}[31mx\u{1B}[0m")
        #expect(TerminalStyle(isTerminal: true, isColored: false).paint("x", .red) == "x")
    }
}
