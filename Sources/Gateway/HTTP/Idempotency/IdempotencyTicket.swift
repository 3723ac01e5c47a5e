/// The right to say what came of the first request with a key.
struct IdempotencyTicket: Sendable {
    let store: IdempotencyStore
    let scope: IdempotencyScope
    let number: UInt64

    /// The first word counts.
    func finish(_ answer: IdempotencyStore.Outcome) { store.finish(scope, number, answer) }
}
