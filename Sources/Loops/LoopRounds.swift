/// Goes round all loops of a group, again and again, and says after each round that they turn.
///
/// The clock of the next round is a loop's own, so that nothing is said while one of them is stuck. It ends with the loops.
package final class LoopRounds: Sendable {
    private let loops: [EventLoop]
    private let pause: Duration
    private let done: @Sendable () -> Void

    /// - Parameters:
    ///   - pause: between two rounds.
    ///   - done: called after each round, on the last of the loops; it must not wait for anything.
    package init(of group: LoopGroup, every pause: Duration, done: @escaping @Sendable () -> Void) {
        loops = group.loops
        self.pause = pause
        self.done = done
    }

    /// Begins with the first round.
    package func begin() { visit(0) }

    private func visit(_ index: Int) {
        // False for one that has ended: its service is about to.
        _ = loops[index].post { [self] in
            guard index == loops.count - 1 else { return visit(index + 1) }
            done()
            loops[0].after(pause) { [self] in visit(0) }
        }
    }
}
