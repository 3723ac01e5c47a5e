import ByteText

/// A version of the protocol, oldest first (docs/protocol.md#dialects).
package enum Dialect: Int, CaseIterable, Comparable, Sendable {
    case msnp2 = 2
    case msnp3, msnp4, msnp5, msnp6

    /// The name as `VER` spells it, which is also how people write it.
    package var name: String { "MSNP\(rawValue)" }

    /// Compares without case, as servers disagree on it (docs/protocol.md#negotiation).
    package init?(named name: String) {
        guard let dialect = Dialect.allCases.first(where: { ASCII.equalsFolded($0.name, name) }) else { return nil }
        self = dialect
    }

    package static func < (left: Dialect, right: Dialect) -> Bool { left.rawValue < right.rawValue }

    /// The pseudo-dialect that ends every offer: some servers refuse an offer without it (docs/protocol.md#negotiation).
    package static let clientVersionOnly = "CVR0"

    /// Whether a word of `VER` is the pseudo-dialect.
    package static func isClientVersionOnly(_ word: String) -> Bool { ASCII.equalsFolded(word, clientVersionOnly) }
}
