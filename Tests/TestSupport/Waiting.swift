package import Testing

/// Suspends until the wait that `body` is given ends; a wait that is cancelled is an issue, and throws `NothingCame`.
///
/// Only a test's time limit cancels. A wait that went on after it would have the run hang for good, and say nothing.
package func waiting<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (Wait<Value>) -> Void
) async throws(NothingCame) -> Value {
    let wait = Wait<Value>()
    do {
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation(isolation: isolation) { continuation in
                wait.begin(continuation)
                body(wait)
            }
        } onCancel: {
            wait.cancel()
        }
    } catch {
        Issue.record("what the test waits for did not come within its time limit", sourceLocation: sourceLocation)
        throw NothingCame()
    }
}
