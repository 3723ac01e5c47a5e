import MSNPClient

/// The loops that sessions live on, each with what is owed there.
final class SessionLoops: Sendable {
    /// Sessions that a loop may have beyond those of the emptiest one, and half of these, before it passes new ones on.
    static let slack = 64

    private let all: [Owed]

    convenience init(_ runtime: ClientRuntime) { self.init(runtime.loops.map { Owed(on: $0) }) }

    init(_ all: [Owed]) {
        precondition(!all.isEmpty, "sessions need a loop")
        self.all = all
    }

    /// Where the next session lives, which moves in with this: on the loop that took its sign-in, where what comes for its readers
    /// has the shortest way.
    ///
    /// Somebody who signs thousands in over one connection would have them all on one core. So a loop with far more sessions than
    /// another passes them on.
    func next() -> Owed {
        var emptiest = all[0]
        for owed in all.dropFirst() where owed.sessions < emptiest.sessions { emptiest = owed }
        let most = emptiest.sessions * 3 / 2 + Self.slack
        let here = all.first { $0.loop.isCurrent && $0.sessions < most }
        let place = here ?? emptiest
        place.moveIn()
        return place
    }

    /// Has everything handed out that waits; for when the sessions have ended and the loops are about to.
    func settle() async { for owed in all { await owed.settle() } }
}
