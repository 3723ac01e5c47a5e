import ByteText

/// The query of a request: each parameter at most once, and none that the endpoint doesn't know.
struct QueryParameters: Sendable, Equatable {
    /// Bytes of a decoded value: all types of events, with commas between them, have some 500.
    static let longestValue = 2048

    private struct Parameter: Sendable, Equatable {
        let name: ByteText
        let value: ByteText
    }

    /// In their order; they are few.
    private var values: [Parameter] = []

    static let none = QueryParameters()

    private init() {}

    /// Throws `Problem` 400 for unknown, doubled and malformed parameters.
    init(parsing query: String?, known: Set<ByteText>) throws(Problem) {
        guard let query, !query.utf8.isEmpty else { return }
        values.reserveCapacity(known.count)
        var rest = query.utf8[...]
        while true {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            if !pair.isEmpty { try add(pair, known) }
            guard pair.endIndex < rest.endIndex else { return }
            rest = rest[rest.index(after: pair.endIndex)...]
        }
    }

    private mutating func add(_ pair: Substring.UTF8View, _ known: Set<ByteText>) throws(Problem) {
        let name = pair.prefix { $0 != UInt8(ascii: "=") }
        guard let sent = PathSegments.decode(name), let value = PathSegments.decode(pair.dropFirst(name.count + 1))
        else { throw Problem(.invalidRequest, "The query has an escape that is none.") }
        // Each in turn: they are few, and one of another length than the sent one is not looked at.
        guard let key = known.first(where: { ASCII.equals($0.text, sent) }) else {
            let list = known.sorted().map(\.text).joined(separator: ", ")
            throw Problem(
                .invalidRequest,
                known.isEmpty
                    ? "This call takes no query parameters."
                    : "The query has a parameter that this call doesn't know; it knows: \(list).")
        }
        guard value.utf8.count <= Self.longestValue else {
            throw Problem(
                .invalidRequest, "The query parameter \(key) has more than \(Self.longestValue) bytes.")
        }
        guard self[key] == nil else {
            throw Problem(.invalidRequest, "The query parameter \(key) is given twice.")
        }
        values.append(Parameter(name: key, value: ByteText(value)))
    }

    subscript(name: ByteText) -> String? { values.first { $0.name == name }?.value.text }

    /// A whole number of a range; throws `Problem` for anything else.
    func number(_ name: ByteText, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = self[name] else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), range.contains(value)
        else {
            throw Problem(
                .invalidRequest,
                "The query parameter \(name) has to be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// `true` or `false`; throws `Problem` for anything else.
    func flag(_ name: ByteText) throws(Problem) -> Bool? {
        guard let text = self[name] else { return nil }
        guard let value = Words.flags[text] else {
            throw Problem(.invalidRequest, "The query parameter \(name) has to be true or false.")
        }
        return value
    }

    /// One of a few words; throws `Problem` for anything else.
    func word<Value>(_ name: ByteText, from words: Words<Value>) throws(Problem) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = words[text] else {
            throw Problem(.invalidRequest, "The query parameter \(name) has to be one of: \(words.list).")
        }
        return value
    }
}
