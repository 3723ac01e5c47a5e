/// An API key (`mgk_…`) or a session's token (`mgt_…`), which no description shows.
public struct GatewayCredential: Hashable, Sendable {
    /// Characters: those that a gateway gives have 47.
    private static let longest = 256

    /// The secret itself, for whoever keeps it.
    public let text: String

    /// Nil for what can't be one: it has 1 to 256 letters, digits and `-._~+/=` (RFC 6750, 2.1).
    public init?(_ text: String) {
        let isToken = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~+/=".utf8.contains(byte)
            }
        }
        guard isToken, (1...Self.longest).contains(text.utf8.count) else { return nil }
        self.text = text
    }
}

extension GatewayCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says what kind of thing it is, and no more.
    public var description: String { "GatewayCredential(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
