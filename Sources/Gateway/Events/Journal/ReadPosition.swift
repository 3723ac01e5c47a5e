import ByteText

/// Where a reader wants to begin: `after=` or `Last-Event-ID`.
enum ReadPosition: Sendable, Equatable {
    /// At the first event that is still kept.
    case oldest
    /// With whatever comes next; the default.
    case now
    case after(Cursor)

    /// Throws `Problem` on what is neither a word nor a cursor.
    init(parsing text: String) throws(Problem) {
        if ASCII.equals(text, "oldest") {
            self = .oldest
        } else if ASCII.equals(text, "now") {
            self = .now
        } else {
            guard let cursor = Cursor(parsing: text) else {
                throw Problem(.invalidCursor, "That is no cursor, which next of a poll and id of an event are.")
            }
            self = .after(cursor)
        }
    }
}
