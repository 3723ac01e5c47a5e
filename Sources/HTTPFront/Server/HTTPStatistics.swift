/// What a server counts.
package struct HTTPStatistics: Sendable, Equatable {
    /// Connections that are open now.
    package var connections = 0
    /// Requests that wait now.
    package var parked = 0
    /// Answers that come in pieces and have not ended.
    package var streams = 0
    /// Requests whose head was read since the start, refused ones included.
    package var requests = 0
    /// Connections that were ended because the library could not get on with what they had sent.
    package var stuck = 0
    /// Times that the library wanted to be run, and did nothing: some are in order, and a loop that spins makes millions.
    package var spurious = 0
    /// Turns of a loop that took longer than `LongTurn.limit`.
    package var longTurns = 0
    /// Connections that were answered without being served, by why; those of which there were none have no entry.
    package var refused: [ConnectionRefusal: Int] = [:]

    package init(
        connections: Int = 0, parked: Int = 0, streams: Int = 0, requests: Int = 0, stuck: Int = 0, spurious: Int = 0,
        longTurns: Int = 0, refused: [ConnectionRefusal: Int] = [:]
    ) {
        self.connections = connections
        self.parked = parked
        self.streams = streams
        self.requests = requests
        self.stuck = stuck
        self.spurious = spurious
        self.longTurns = longTurns
        self.refused = refused
    }
}
