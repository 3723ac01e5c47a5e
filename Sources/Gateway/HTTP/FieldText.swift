/// Takes text of HTTP apart byte by byte: `Character` would look for clusters of combining marks in it.
enum FieldText {
    /// What lies between separators, without the blanks around it; empty parts too.
    static func parts(_ text: Substring.UTF8View, at separator: Unicode.Scalar) -> [Substring] {
        text.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false).map { trimmed($0) }
    }

    static func parts(_ text: String, at separator: Unicode.Scalar) -> [Substring] {
        parts(text[...].utf8, at: separator)
    }

    /// A part's name and what follows the first `=`, nil where there is none; without blanks around them.
    static func pair(_ text: Substring) -> (name: Substring, value: Substring?) {
        guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (trimmed(text.utf8), nil) }
        return (trimmed(text.utf8[..<sign]), trimmed(text.utf8[text.utf8.index(after: sign)...]))
    }

    /// Without the spaces and tabs at both ends.
    static func trimmed(_ text: Substring.UTF8View) -> Substring {
        var rest = text.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return Substring(rest)
    }

    /// The same without the quotes around it, if there are any.
    static func unquoted(_ text: Substring) -> Substring {
        let bytes = text.utf8
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return text }
        return Substring(bytes.dropFirst().dropLast())
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
