import HTTPFront

/// What a reader of a stream asks for.
struct StreamQuery: Sendable {
    /// Nil leaves it to the consumer's position, or to now.
    var position: ReadPosition?
    var filter = TypeFilter.everything
    var consumer: ConsumerName?
    /// Whether a consumer's position may move: HEAD only looks.
    var commits = true
}
