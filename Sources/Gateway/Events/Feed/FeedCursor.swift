/// A position in an owner's feed: everything up to and including `number` has been read.
///
/// As text `f.<epoch>.<number>`, so that it can't be taken for a session's cursor, nor one of those for it.
struct FeedCursor: Sendable, Equatable {
    let epoch: String
    let number: UInt64

    private static let prefix = "f."

    var text: String { "\(Self.prefix)\(epoch).\(number)" }

    init(epoch: String, number: UInt64) {
        self.epoch = epoch
        self.number = number
    }

    /// Nil for a text that no feed ever gave out.
    init?(parsing text: String) {
        // Behind the prefix the two are alike.
        guard text.utf8.count <= Cursor.longest, text.utf8.starts(with: Self.prefix.utf8),
            let cursor = Cursor(parsing: String(Substring(text.utf8.dropFirst(Self.prefix.utf8.count))))
        else { return nil }
        epoch = cursor.epoch
        number = cursor.sequence
    }
}
