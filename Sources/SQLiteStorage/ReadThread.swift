import DequeModule
import Locking
import Storage

/// Reads what is written, one question after the other, on a thread of its own and beside the writer.
final class ReadThread: Sendable {
    typealias Question = @Sendable (SQLiteConnection) -> Void

    private struct State: Sendable {
        var questions: Deque<Question> = []
        var isClosed = false
    }

    private let state = Locked(State())
    private let bell = Doorbell()
    /// What is read, for whoever is told that it can't be.
    private let path: String

    init(path: String) { self.path = path }

    /// Questions that may wait: one for each session after a start, and as many more.
    ///
    /// Each is some hundred bytes.
    private static let mostQuestions = 20_000
    /// How long it sleeps without a question; whoever asks wakes it.
    private static let nap = Duration.seconds(60)

    /// Asks and waits for the answer; throws what the body throws, `StoreError.closed` once it is closed, and `.unavailable`
    /// where too many wait already.
    func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Answer
    ) async throws(StoreError) -> Answer {
        let path = path
        let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
            let refusal = state.withLock { state -> StoreError? in
                guard !state.isClosed else { return .closed }
                guard state.questions.count < Self.mostQuestions else { return .unavailable("too much is asked") }
                state.questions.append { connection in
                    do throws(SQLiteError) {
                        continuation.resume(returning: .success(try body(connection)))
                    } catch {
                        continuation.resume(returning: .failure(error.asReadError(of: path)))
                    }
                }
                return nil
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) } else { bell.ring() }
        }
        return try result.get()
    }

    /// Takes no more questions; those that were asked are answered.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    /// Answers until it is closed.
    func run(_ connection: SQLiteConnection) {
        while true {
            let (question, isClosed) = state.withLock { ($0.questions.popFirst(), $0.isClosed) }
            if let question {
                question(connection)
            } else if isClosed {
                return
            } else {
                bell.wait(atMost: Self.nap)
            }
        }
    }
}
