/// What the operator calls a key: 1 to 64 letters, digits, `.`, `_` and `-` of ASCII.
package struct APIKeyName: Hashable, Sendable {
    package let text: String

    /// For messages: what a name consists of.
    package static let form = "1 to 64 letters, digits, dots, underscores and hyphens"

    private static let longest = 64

    /// Nil for anything else.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isPermitted) else { return nil }
        self.text = text
    }

    private static func isPermitted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
