import MSNP

/// What a client sends to somebody's mobile device (docs/protocol.md#pages), as far as a server looks at it.
struct SubmittedPage: Equatable, Sendable {
    let text: String

    /// Reads a payload; nil unless it is one `TEXT` element, with or without a `PHONE` element before it.
    init?(parsing payload: [UInt8]) {
        guard String(validating: payload, as: UTF8.self) != nil else { return nil }
        var rest = payload[...]
        if let (_, afterPhone) = Self.element("PHONE", rest) { rest = afterPhone }
        guard let (content, end) = Self.element("TEXT", rest), end.isEmpty, !content.contains(UInt8(ascii: "<")) else {
            return nil
        }
        text = String(decoding: Self.resolved(content), as: UTF8.self)
    }

    /// Whether a device would take it: some text, and not too much (docs/protocol.md#limits).
    var isDeliverable: Bool { !text.isEmpty && text.utf16.count <= Page.longestText }

    /// What an element at the beginning holds, and what follows it.
    private static func element(
        _ name: String, _ bytes: ArraySlice<UInt8>
    ) -> (content: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard bytes.starts(with: "<\(name)".utf8), let open = bytes.firstIndex(of: UInt8(ascii: ">")) else {
            return nil
        }
        let inside = bytes[(open + 1)...]
        guard let close = inside.firstRange(of: Array("</\(name)>".utf8)) else { return nil }
        return (inside[..<close.lowerBound], inside[close.upperBound...])
    }

    /// With the references that clients write turned back.
    private static func resolved(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let references: [(code: String, character: Character)] = [
            ("3B", ";"), ("3C", "<"), ("3E", ">"), ("5E", "^"), ("26", "&"),
        ]
        var resolved: [UInt8] = []
        var rest = bytes
        while let byte = rest.first {
            // In one pass: what a reference stands for is text.
            if let reference = references.first(where: { rest.starts(with: "&#x\($0.code);".utf8) }) {
                resolved.append(contentsOf: reference.character.utf8)
                rest = rest.dropFirst(6)
            } else {
                resolved.append(byte)
                rest = rest.dropFirst()
            }
        }
        return resolved
    }
}
