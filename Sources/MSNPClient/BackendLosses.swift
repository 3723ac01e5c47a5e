import Loops

/// Groups the losses of a backend's connections, to tell a server that goes down from one that closes a single session.
struct BackendLosses: Sendable {
    private var wave: LossWave?
    private var last: MonotonicInstant?

    /// The wave that a loss belongs to, which may be a new one.
    ///
    /// - Parameter tell: is called at most once, on any thread, if the session is the first of a wave that another one's
    ///   loss then joins.
    mutating func note(
        _ session: ObjectIdentifier, at now: MonotonicInstant, tell: @escaping @Sendable () -> Void
    ) -> LossWave {
        defer { last = now }
        if let wave, let last, now < last + LossWave.gap { return wave }
        let wave = LossWave(first: session, tell: tell)
        self.wave = wave
        return wave
    }
}
