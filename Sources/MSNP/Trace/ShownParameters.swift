import ByteText

/// Which parameters of a command hold no secret, by their places.
struct ShownParameters: Sendable {
    enum Rule {
        case whole
        /// A URL, but for its query, in which sites put tickets.
        case withoutQuery
        case blanked
    }

    /// How many are shown, from the first on.
    private let count: @Sendable (_ parameters: [String]) -> Int
    /// But for these.
    private let exceptions: [Int: Rule]

    private init(_ count: @escaping @Sendable (_ parameters: [String]) -> Int, _ exceptions: [Int: Rule] = [:]) {
        self.count = count
        self.exceptions = exceptions
    }

    static let nothing = ShownParameters.first(0)

    /// More than any list of dialects, versions or search terms has.
    static let all = ShownParameters.first(32)

    /// The first so many.
    static func first(_ count: Int) -> ShownParameters { ShownParameters({ _ in count }) }

    /// The first so many, but for some that are blanked.
    static func first(_ count: Int, blanking places: Int...) -> ShownParameters {
        ShownParameters({ _ in count }, exceptions(places, .blanked))
    }

    /// The first so many, some of which are URLs.
    static func first(_ count: Int, withoutQuery places: Int...) -> ShownParameters {
        ShownParameters({ _ in count }, exceptions(places, .withoutQuery))
    }

    /// As many as the parameters themselves say.
    static func counted(_ count: @escaping @Sendable (_ parameters: [String]) -> Int) -> ShownParameters {
        ShownParameters(count)
    }

    private static func exceptions(_ places: [Int], _ rule: Rule) -> [Int: Rule] {
        Dictionary(uniqueKeysWithValues: places.map { ($0, rule) })
    }

    /// The rule for each parameter.
    func rules(for parameters: [String]) -> [Rule] {
        let count = count(parameters)
        return parameters.indices.map { $0 < count ? exceptions[$0] ?? .whole : .blanked }
    }
}

extension [String] {
    /// Whether a word stands in a place.
    func says(_ word: String, at index: Int) -> Bool { indices.contains(index) && ASCII.equals(self[index], word) }
}

/// What a trace shows of a command's payload.
enum ShownPayload: Sendable {
    /// A message: its text, and of its headers those that hold no secret, by its content type (`BlankedPayload`).
    case message
    /// All of it: what people and services write.
    case text
    /// Nothing but its length.
    case blanked
}
