import ByteText

/// Where a reader of a feed wants to begin: `after=`.
enum FeedPosition: Sendable, Equatable {
    /// At the first event that is still kept.
    case oldest
    /// With whatever comes next; the default.
    case now
    case after(FeedCursor)

    /// Throws `Problem` on what is neither a word nor a feed's cursor.
    init(parsing text: String) throws(Problem) {
        if ASCII.equals(text, "oldest") {
            self = .oldest
        } else if ASCII.equals(text, "now") {
            self = .now
        } else {
            guard let cursor = FeedCursor(parsing: text) else {
                throw Problem(
                    .invalidCursor,
                    "That is no cursor of the feed, which only next of a poll and id of a stream are.")
            }
            self = .after(cursor)
        }
    }
}
