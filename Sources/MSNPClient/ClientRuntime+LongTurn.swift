extension ClientRuntime {
    /// A turn of a session's loop that took long, and what it did.
    package struct LongTurn: Sendable, Equatable {
        /// All of it.
        package let duration: Duration
        /// What reading the sockets took of that; the rest went to what was given to the loop.
        package let reading: Duration
        /// Reads of sockets that brought something.
        package let reads: Int
        /// Commands that servers said.
        package let commands: Int
        /// What was given to the loop: timers, parts of calls, hand-outs, what is left of floods.
        package let tasks: Int
    }
}
