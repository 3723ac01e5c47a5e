import Locking
import Loops

/// Threads that look names up, of which a single key has a part at most.
///
/// A name whose server doesn't answer keeps a thread for half a minute, and whoever has a key can make up any number of them:
/// at least half of the threads are left to others, and keys that wait take turns.
final class SharedLookUps: Sendable {
    private let threads: LookUps
    private let turns: Locked<Turns<String, CheckedContinuation<Void, Never>>>

    /// - Parameter most: threads at one time.
    init(most: Int) {
        threads = LookUps(most: most)
        turns = Locked(Turns(places: most, share: most / 2))
    }

    /// Does something for a key on one of the threads, when it is its turn.
    func run<R: Sendable>(for key: String, _ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            if turns.withLock({ $0.take(key, continuation) }) { continuation.resume() }
        }
        defer { turns.withLock { $0.give(key) }?.resume() }
        return await threads.run(body)
    }
}
