import ByteText

/// The words that a caller may choose from, and what each stands for.
struct Words<Value: Sendable>: Sendable {
    private let all: [(word: String, value: Value)]

    /// A few: each is compared in turn.
    init(_ all: [(String, Value)]) { self.all = all.map { (word: $0.0, value: $0.1) } }

    init(_ values: some Sequence<Value>, _ word: (Value) -> String) {
        all = values.map { (word: word($0), value: $0) }
    }

    /// What a word stands for, spelt exactly so; nil where it is none of them.
    ///
    /// However long the text is: what is longer or shorter than a word is not looked at.
    subscript(text: some StringProtocol) -> Value? { all.first { ASCII.equals($0.word, text) }?.value }

    /// All of them, for whoever chose none.
    var list: String { all.map(\.word).joined(separator: ", ") }
}

extension Words<Bool> {
    /// As a query says it.
    static let flags = Words([("true", true), ("false", false)])
}
