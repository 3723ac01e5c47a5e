import Glibc

/// Whether people read what is written, and in colours.
package struct TerminalStyle: Sendable {
    /// Whether people read it, and no program.
    package let isTerminal: Bool
    /// Whether it may have colours.
    package let isColored: Bool

    package init(isTerminal: Bool, isColored: Bool) {
        self.isTerminal = isTerminal
        self.isColored = isColored
    }

    /// What standard output is; `NO_COLOR` and a terminal that is `dumb` want no colours.
    package init(environment: [String: String]) {
        isTerminal = isatty(STDOUT_FILENO) == 1
        let wantsNone = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        isColored = isTerminal && !wantsNone && environment["TERM"] != "dumb"
    }

    /// The colours of a terminal, by their numbers (ECMA-48, 8.3.117).
    package enum Color: Int, Sendable {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case cyan = 36
    }

    /// Text in a colour, where that is wanted.
    package func paint(_ text: String, _ color: Color) -> String {
        isColored ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}
