import HTTPFront

/// What a reader of a stream asks for.
struct StreamQuery: Sendable {
    /// Nil leaves it to the consumer: where it stands, the oldest event for a new one; to now where there is none.
    var position: ReadPosition?
    var filter = TypeFilter.everything
    var consumer: ConsumerName?
    /// Whether a consumer's position may move: HEAD only looks.
    var commits = true
}
