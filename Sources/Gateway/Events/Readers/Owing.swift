import HTTPFront

/// Who has news for those that wait: a session, or the feed of a key.
protocol Owing: AnyObject, Sendable {
    /// Answers and wakes whoever waits and has something coming.
    ///
    /// Called for each note in `Owed` once, at the end of a turn and without any lock.
    ///
    /// - Parameter now: the end of that turn, from which on what comes is joined for a while.
    func handOut(at now: ContinuousClock.Instant, to deliveries: inout Deliveries)
}
