/// Text from others, as a terminal may show it.
package enum TerminalText {
    /// Text without what a terminal would obey: control characters, and what turns the direction of others, become U+FFFD.
    ///
    /// - Parameter keepsLines: whether line ends and tabs stay.
    package static func visible(_ text: String, keepsLines: Bool = false) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isLine = keepsLines && (scalar == "\n" || scalar == "\t")
            shown.append(isLine || !isObeyed(scalar) ? scalar : "\u{FFFD}")
        }
        return String(shown)
    }

    /// The same in one line: line ends become spaces.
    package static func line(_ text: String) -> String {
        let joined = text.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }
        return visible(String(String.UnicodeScalarView(joined)))
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // C0, DEL and C1; line and paragraph separators; what changes the direction of others.
        case 0..<0x20, 0x7f...0x9f, 0x2028...0x2029: true
        default: scalar.properties.isBidiControl
        }
    }
}
