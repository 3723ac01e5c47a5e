/// The query of a request: each parameter at most once, and none that the endpoint doesn't know.
struct QueryParameters: Sendable, Equatable {
    private let values: [String: String]

    static let none = QueryParameters(values: [:])

    private init(values: [String: String]) {
        self.values = values
    }

    /// Throws `Problem` 400 for unknown, doubled and malformed parameters.
    init(parsing query: String?, known: Set<String>) throws(Problem) {
        var values: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&", omittingEmptySubsequences: true) {
            let name = pair.prefix { $0 != "=" }
            guard let key = StrictPercentDecoding.decode(name),
                let value = StrictPercentDecoding.decode(pair.dropFirst(name.count + 1))
            else { throw Problem(.invalidRequest, "The query has an escape that is none.") }
            guard known.contains(key) else {
                let list = known.sorted().joined(separator: ", ")
                throw Problem(
                    .invalidRequest,
                    known.isEmpty
                        ? "This call takes no query parameters."
                        : "The query has a parameter that this call doesn't know; it knows: \(list).")
            }
            guard values.updateValue(value, forKey: key) == nil else {
                throw Problem(.invalidRequest, "The query parameter \(key) is given twice.")
            }
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    /// A whole number of a range; throws `Problem` for anything else.
    func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), range.contains(value)
        else {
            throw Problem(
                .invalidRequest,
                "The query parameter \(name) has to be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// `true` or `false`; throws `Problem` for anything else.
    func flag(_ name: String) throws(Problem) -> Bool? {
        switch values[name] {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw Problem(.invalidRequest, "The query parameter \(name) has to be true or false.")
        }
    }
}
