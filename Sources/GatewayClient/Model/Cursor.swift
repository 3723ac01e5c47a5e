/// A position in events: everything up to and including it was dealt with.
public struct Cursor: Hashable, Sendable, Codable, CustomStringConvertible {
    /// As the gateway gave it.
    public let text: String

    /// One that was kept.
    public init(_ text: String) { self.text = text }

    public var description: String { text }

    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
