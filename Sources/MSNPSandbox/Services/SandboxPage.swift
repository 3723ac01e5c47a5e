import MSNP

/// What a client sends to somebody's mobile device (protocol.md 14.1), as far as a server looks at it.
struct SandboxPage: Equatable, Sendable {
    let text: String

    /// Reads a payload; nil unless it is one `TEXT` element, with or without a `PHONE` element before it.
    init?(parsing payload: [UInt8]) {
        guard let document = String(validating: payload, as: UTF8.self) else { return nil }
        var rest = document[...]
        if let (_, afterPhone) = Self.element("PHONE", rest) { rest = afterPhone }
        guard let (content, end) = Self.element("TEXT", rest), end.isEmpty, !content.contains("<") else { return nil }
        text = Self.resolved(content)
    }

    /// Whether a device would take it: some text, and not too much (protocol.md 1.7).
    var isDeliverable: Bool { !text.isEmpty && text.utf16.count <= Page.longestText }

    /// What an element at the beginning holds, and what follows it.
    private static func element(_ name: String, _ text: Substring) -> (content: Substring, rest: Substring)? {
        let end = "</\(name)>"
        guard text.hasPrefix("<\(name)"), let open = text.firstIndex(of: ">") else { return nil }
        let inside = text[text.index(after: open)...]
        guard let close = inside.firstRange(of: end) else { return nil }
        return (inside[..<close.lowerBound], inside[close.upperBound...])
    }

    /// With the references that clients write turned back.
    private static func resolved(_ text: Substring) -> String {
        var resolved = String(text)
        // The ampersand last: what it uncovers is text.
        for (code, character) in [("3B", ";"), ("3C", "<"), ("3E", ">"), ("5E", "^"), ("26", "&")] {
            resolved = resolved.replacing("&#x\(code);", with: character)
        }
        return resolved
    }
}
