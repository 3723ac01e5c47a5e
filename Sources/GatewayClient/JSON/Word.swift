/// A word of the API of which more may come: one that is known here, or another.
public enum Word<Known>: Hashable, Sendable where Known: RawRepresentable<String> & Hashable & Sendable {
    case known(Known)
    /// One that a later version of the gateway has brought.
    case other(String)

    /// The word as it stands in JSON.
    public init(text: String) { self = Known(rawValue: text).map(Word.known) ?? .other(text) }

    /// The word as it stands in JSON.
    public var text: String {
        switch self {
        case .known(let known): known.rawValue
        case .other(let text): text
        }
    }
}

extension Word {
    /// Whether it is that one of the known ones.
    public static func == (word: Word, known: Known) -> Bool { word == .known(known) }

    /// Whether it is another than that one of the known ones.
    public static func != (word: Word, known: Known) -> Bool { word != .known(known) }
}

extension Word: CustomStringConvertible {
    public var description: String { text }
}

extension Word: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(text: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
