/// A short message to somebody's mobile device (docs/protocol.md#pages).
///
///     C: PAG 30 carol@example.com 61
///     > <TEXT xml:space="preserve">This is an example message.</TEXT>
package struct Page: Equatable, Sendable {
    package let text: String
    /// The number to call back.
    package let callback: PageCallback?

    /// Characters of text, counted in UTF-16 units as Windows clients count.
    package static let longestText = 113

    /// Accepts a text with no control character but tab and line ends, of at most `longestText`; throws otherwise.
    package init(validating text: String, callback: PageCallback? = nil) throws(PageError) {
        guard !text.isEmpty else { throw .empty }
        let lines = LineEnds.normalized(text)
        guard lines.utf8.count <= Self.longestText * 3, lines.utf16.count <= Self.longestText else { throw .tooLong }
        guard !lines.unicodeScalars.contains(where: LineEnds.isControl) else { throw .controlCharacter }
        self.text = lines
        self.callback = callback
    }

    /// The bytes to send.
    package var payload: [UInt8] {
        let number = callback.map {
            "<PHONE pri=\"1\"><LOC>\($0.place.rawValue)</LOC><NUM>\($0.digits)</NUM></PHONE>"
        }
        return Array(((number ?? "") + "<TEXT xml:space=\"preserve\">\(Self.escaped(text))</TEXT>").utf8)
    }

    /// In one pass, so that the semicolons of references are not escaped again.
    private static func escaped(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output.append(contentsOf: "&#x26;".unicodeScalars)
            case ";": output.append(contentsOf: "&#x3B;".unicodeScalars)
            case "<": output.append(contentsOf: "&#x3C;".unicodeScalars)
            case ">": output.append(contentsOf: "&#x3E;".unicodeScalars)
            case "^": output.append(contentsOf: "&#x5E;".unicodeScalars)
            default: output.append(scalar)
            }
        }
        return String(output)
    }
}
