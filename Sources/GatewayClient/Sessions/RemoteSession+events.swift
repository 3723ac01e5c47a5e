extension RemoteSession {
    /// The events of the session, one after the other, through whatever happens to gateway and network meanwhile.
    ///
    /// - Parameters:
    ///   - start: where it begins.
    ///   - types: those that are wanted, `message.*` for a group of them; empty for all.
    public func events(from start: EventStart = .snapshot, types: [String] = []) -> EventSequence {
        EventSequence(EventSource(self), start, types: types)
    }

    /// Says that a consumer has dealt with everything up to a position, which never moves back.
    ///
    /// The loop does so by itself when it comes for what follows; whoever leaves it behind an event says it of that.
    public func acknowledge(_ cursor: Cursor, by consumer: String) async throws(GatewayError) {
        let query = [("after", cursor.text), ("consumer", consumer), ("limit", "1"), ("wait", "0")]
        _ = try await call("GET", "/events", query: query)
    }
}
