/// Bytes that come in pieces, as a terminal may show them: each line once it is whole.
package struct TerminalLines: Sendable {
    /// Bytes of a line, behind which it is not waited for its end.
    private static let longest = 1 << 20

    private var rest: [UInt8] = []

    package init() {}

    /// What can be shown now that a piece has come; the rest of it with later ones.
    package mutating func take(_ piece: [UInt8]) -> [UInt8] {
        rest += piece
        let lastEnd = rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let count = rest.count - lastEnd > Self.longest ? rest.count : lastEnd
        guard count > 0 else { return [] }
        let text = String(decoding: rest[..<count], as: UTF8.self)
        rest.removeFirst(count)
        return Array(TerminalText.visible(text, keepsLines: true).utf8)
    }
}
