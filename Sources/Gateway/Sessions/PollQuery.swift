/// What a reader of events asks for.
struct PollQuery: Sendable {
    var position = ReadPosition.now
    var filter = TypeFilter.everything
    var limit = GatewayLimits.pollEvents
    /// Seconds; 0 asks for what is there.
    var wait = GatewayLimits.pollWait
}
