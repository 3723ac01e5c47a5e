import Glibc

/// Suspends until a continuation is resumed, as `withCheckedContinuation` does, and ends the run when the wait is cancelled.
///
/// Only a test's time limit cancels. A wait that goes on after it would have the run hang for good, and say nothing.
package func waiting<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation, _ body: (CheckedContinuation<Value, Never>) -> Void
) async -> Value {
    await withTaskCancellationHandler {
        await withCheckedContinuation(isolation: isolation, body)
    } onCancel: {
        // What was printed so far says which test it is.
        fflush(nil)
        fatalError("what a test waits for did not come within its time limit: it is the last that was started")
    }
}
