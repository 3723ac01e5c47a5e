import ByteText

/// The query of a request: each parameter at most once, and none that the endpoint doesn't know.
///
/// The text stays as it is, and where each value lies is noted: a poll says three or four things, and nothing of them is copied.
struct QueryParameters: Sendable {
    /// Bytes of a decoded value: all types of events, with commas between them, have some 500.
    static let longestValue = 2048
    /// Parameters of an endpoint; the one with most of them has five.
    static let most = 8

    /// Where a parameter is in the text.
    private struct Place: Sendable {
        /// The place of its name among those that are known.
        var name: UInt8 = 0
        var hasEscapes = false
        var start: UInt32 = 0
        var end: UInt32 = 0
    }

    private var text = ""
    private var known: [ByteText] = []
    /// In their order.
    private var places = InlineArray<8, Place>(repeating: Place())
    private var count = 0

    static let none = QueryParameters()

    private init() {}

    /// Throws `Problem` 400 for unknown, doubled and malformed parameters.
    ///
    /// - Parameter known: at most `most`.
    init(parsing query: String?, known: [ByteText]) throws(Problem) {
        guard let query, !query.utf8.isEmpty else { return }
        (text, self.known) = (query, known)
        let bytes = query.utf8.span
        var start = 0
        while start < bytes.count {
            var (end, sign, escapes) = (start, Int?.none, (name: false, value: false))
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
                if bytes[end] == UInt8(ascii: "="), sign == nil { sign = end }
                if bytes[end] == UInt8(ascii: "%") {
                    if sign == nil { escapes.name = true } else { escapes.value = true }
                }
                end += 1
            }
            if end > start { try add(start..<(sign ?? end), (sign.map { $0 + 1 } ?? end)..<end, escapes) }
            start = end + 1
        }
    }

    private mutating func add(
        _ name: Range<Int>, _ value: Range<Int>, _ escapes: (name: Bool, value: Bool)
    ) throws(Problem) {
        guard let sent = escapes.name ? PathSegments.decode(part(name).utf8).map({ $0[...] }) : part(name),
            let valueSize = escapes.value ? PathSegments.decode(part(value).utf8)?.utf8.count : value.count
        else { throw Problem(.invalidRequest, "The query has an escape that is none.") }
        // Each in turn: they are few, and one of another length than the sent one is not looked at.
        guard let index = known.firstIndex(where: { ASCII.equals($0.text, sent) }) else {
            let list = known.sorted().map(\.text).joined(separator: ", ")
            throw Problem(
                .invalidRequest,
                known.isEmpty
                    ? "This call takes no query parameters."
                    : "The query has a parameter that this call doesn't know; it knows: \(list).")
        }
        guard valueSize <= Self.longestValue else {
            throw Problem(
                .invalidRequest, "The query parameter \(known[index]) has more than \(Self.longestValue) bytes.")
        }
        for place in 0..<count where places[place].name == UInt8(index) {
            throw Problem(.invalidRequest, "The query parameter \(known[index]) is given twice.")
        }
        // As each comes once, there is room for all that are known.
        places[count] = Place(
            name: UInt8(index), hasEscapes: escapes.value, start: UInt32(value.lowerBound),
            end: UInt32(value.upperBound))
        count += 1
    }

    private func part(_ range: Range<Int>) -> Substring {
        let bytes = text.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        return Substring(bytes[start..<bytes.index(start, offsetBy: range.count)])
    }

    /// What a parameter says, decoded; nil where it isn't there.
    subscript(name: ByteText) -> Substring? {
        for index in 0..<count where known[Int(places[index].name)] == name {
            let value = part(Int(places[index].start)..<Int(places[index].end))
            // It could be decoded when it came.
            return places[index].hasEscapes ? PathSegments.decode(value.utf8)?[...] : value
        }
        return nil
    }

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
