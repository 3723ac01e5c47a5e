/// The right to say what came of the first request with a key.
struct IdempotencyTicket: Sendable {
    let store: IdempotencyStore
    let scope: IdempotencyScope
    let number: UInt64
    /// The digest of the request's body.
    let body: [UInt8]

    /// Writes down that it is done, before anything is: with the message that it is about, if it is about one.
    ///
    /// Throws `Problem` 503 where that can't be written, and then nothing is to be done.
    func begin(_ message: UInt64? = nil) async throws(Problem) { try await store.begun(self, message) }

    /// The first word counts.
    func finish(_ answer: IdempotencyStore.Outcome) { store.finish(scope, number, answer) }

    /// What became of the message that it is about, whatever was answered before that was known.
    func settle(_ outcome: IdempotencyStore.Outcome) { store.settle(scope, number, outcome) }
}
