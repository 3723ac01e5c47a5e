/// What a reader of events asks for.
struct PollQuery: Sendable {
    /// Nil leaves it to the consumer: where it stands, the oldest event for a new one; to now where there is none.
    var position: ReadPosition?
    var consumer: ConsumerName?
    /// Whether a consumer's position may move: HEAD only looks.
    var commits = true
    var filter = TypeFilter.everything
    var limit = GatewayLimits.pollEvents
    /// Seconds; 0 asks for what is there.
    var wait = GatewayLimits.pollWait
}
