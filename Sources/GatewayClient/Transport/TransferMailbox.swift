import Curl
import Locking

/// What other threads have to say to that of a transport.
final class TransferMailbox: Sendable {
    enum Word: Sendable {
        case begin(TransferOrder)
        case cancel(UInt64)
        case close
    }

    private struct State: Sendable {
        var words: [Word] = []
        var next: UInt64 = 0
    }

    private let state = Locked(State())
    /// Where the thread waits.
    let multi: CurlMulti

    init(_ multi: CurlMulti) { self.multi = multi }

    /// A number that no other order has.
    func number() -> UInt64 {
        state.withLock { state in
            state.next += 1
            return state.next
        }
    }

    func say(_ word: Word) {
        let isFirst = state.withLock { state in
            state.words.append(word)
            return state.words.count == 1
        }
        // One wakes it for all.
        if isFirst { multi.wake() }
    }

    /// What was said since the last call, on the thread.
    func take() -> [Word] {
        state.withLock { state in
            defer { state.words = [] }
            return state.words
        }
    }
}
