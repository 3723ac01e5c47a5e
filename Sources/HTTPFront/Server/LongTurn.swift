/// A turn of a loop that took so long that others had to wait for it, and what it did.
package struct LongTurn: Sendable {
    /// What a loop does in a turn.
    package enum Part: Int, Sendable, CaseIterable {
        /// Hears from the kernel what has happened.
        case events
        /// Accepts connections, and refuses them.
        case accepting
        /// Takes the answers and wakes of other threads.
        case mailbox
        /// Ends what is due: waits, connections of slow clients.
        case deadlines
        /// Has the library read, parse and send.
        case library
        /// Has requests handled, which begins their waits.
        case handler
        /// Asks streams for what is next.
        case streams
        /// Ends what clients that have left were waiting for.
        case closing
    }

    /// Beyond it a turn is long: a person notices some 100 ms, of which this is half.
    package static let limit = Duration.milliseconds(50)

    /// From the kernel's word to the last thing done.
    package let duration: Duration
    /// What took longest.
    package let part: Part
    /// How long that took in all.
    package let partDuration: Duration
    /// The request that was handled for longest; nil where none was.
    package let slowest: RequestHead?

    package init(duration: Duration, part: Part, partDuration: Duration, slowest: RequestHead?) {
        self.duration = duration
        self.part = part
        self.partDuration = partDuration
        self.slowest = slowest
    }
}
