import Locking
import Storage

/// A wait for a commit, which ends once: by the commit, by what became of it instead, or as it took too long.
final class CommitWait: Sendable {
    private enum Stage: Sendable {
        case open
        case waiting(CheckedContinuation<StoreError?, Never>)
        case over(StoreError?)
    }

    private let stage = Locked(Stage.open)

    /// Ends it, the first time; nil where all is written.
    func end(_ error: StoreError?) {
        let waiting = stage.withLock { stage -> CheckedContinuation<StoreError?, Never>? in
            switch stage {
            case .over: return nil
            case .open:
                stage = .over(error)
                return nil
            case .waiting(let continuation):
                stage = .over(error)
                return continuation
            }
        }
        waiting?.resume(returning: error)
    }

    /// How it ended, once it has; asked for once.
    func result() async -> StoreError? {
        await withCheckedContinuation { continuation in
            let known = stage.withLock { stage -> StoreError?? in
                if case .over(let error) = stage { return .some(error) }
                stage = .waiting(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
