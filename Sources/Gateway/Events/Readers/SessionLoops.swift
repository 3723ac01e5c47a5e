import MSNPClient
import Synchronization

/// The loops that sessions live on, each with what is owed there; new sessions take them in turn.
final class SessionLoops: Sendable {
    private let all: [Owed]
    private let taken = Atomic<Int>(0)

    convenience init(_ runtime: ClientRuntime) { self.init(runtime.loops.map { Owed(on: $0) }) }

    init(_ all: [Owed]) {
        precondition(!all.isEmpty, "sessions need a loop")
        self.all = all
    }

    /// Where the next session lives.
    func next() -> Owed { all[taken.wrappingAdd(1, ordering: .relaxed).oldValue % all.count] }

    /// Has everything handed out that waits; for when the sessions have ended and the loops are about to.
    func settle() async { for owed in all { await owed.settle() } }
}
