/// Some event loops with a thread each.
package final class LoopGroup: Sendable {
    /// At least one.
    package let loops: [EventLoop]
    private let ending: CountdownLatch

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - count: one for each core is plenty; at least one.
    ///   - time: what lengths of turns are measured by; tests have a time of their own, and nil is that of deadlines.
    package init(
        count: Int, named name: String = "loop", time: (@Sendable () -> MonotonicInstant)? = nil
    ) throws(SystemCallError) {
        var loops: [EventLoop] = []
        for _ in 0..<max(1, count) { loops.append(try EventLoop(time: time)) }
        let ending = CountdownLatch(count: loops.count)
        for (index, loop) in loops.enumerated() {
            do {
                try LoopThread.start("\(name)-\(index)") {
                    loop.run()
                    ending.countDown()
                }
            } catch {
                for loop in loops[..<index] { loop.end() }
                throw error
            }
        }
        self.loops = loops
        self.ending = ending
    }

    /// Has the loops end when their guests have left.
    package func end() { for loop in loops { loop.end() } }

    /// Ends the loops; returns when their threads have nothing more to do.
    package func shutdown() async {
        end()
        await ending.wait()
    }

    deinit { end() }
}
