import ByteText

/// Where a reader wants to begin: `after=` or `Last-Event-ID`.
enum ReadPosition: Sendable, Equatable {
    /// At the first event that is still kept.
    case oldest
    /// With whatever comes next; the default.
    case now
    case after(Cursor)

    /// Throws `Problem` on what is neither a word nor a cursor of that kind.
    init(parsing text: String, of kind: Cursor.Kind = .session) throws(Problem) {
        if ASCII.equals(text, "oldest") {
            self = .oldest
        } else if ASCII.equals(text, "now") {
            self = .now
        } else {
            guard let cursor = Cursor(parsing: text, of: kind) else { throw Problem(.invalidCursor, kind.nothingOfIt) }
            self = .after(cursor)
        }
    }
}

extension Cursor.Kind {
    /// What a text is told that is no cursor of the kind.
    fileprivate var nothingOfIt: String {
        switch self {
        case .session: "That is no cursor, which next of a poll and id of an event are."
        case .feed: "That is no cursor of the feed, which only next of a poll and id of a stream are."
        }
    }
}
