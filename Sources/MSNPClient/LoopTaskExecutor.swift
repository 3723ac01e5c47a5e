import Dispatch

/// Carries tasks on a session's loop: a call that asks a server something needs no thread between the two.
///
/// It is no serial executor. Tasks take turns on the loop's thread, and none has the loop to itself across an `await`.
package final class LoopTaskExecutor: TaskExecutor {
    private let loop: any SessionLoop

    package init(_ loop: any SessionLoop) { self.loop = loop }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job is run once, and the closure keeps the executor for as long.
        let run: @Sendable () -> Void = { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        // What is still to be done when the loops have ended, any thread may do: a task that is dropped would leak all it holds.
        if !loop.post(run) { DispatchQueue.global().async(execute: run) }
    }
}
