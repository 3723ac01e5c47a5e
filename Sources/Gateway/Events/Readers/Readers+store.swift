import HTTPFront
import Locking
import Storage

/// Readers that are further behind than memory, and those that have committed something: the store's thread reads and writes
/// for them, and no loop waits.
extension Readers {
    /// For what is in the store alone a poll that wants no waiting waits so long at most.
    static let storeTimeout: Duration = .seconds(20)

    /// Reads from the store what a poll asks for, and answers it or has it wait like any other.
    func fetch(for poll: Poll, of source: some EventSource) {
        let isOurs = state.withLock { state in
            guard let index = state.polls.place(of: poll.number), !state.polls[index].isAtStore else { return false }
            state.polls[index].isAtStore = true
            return true
        }
        guard isOurs else { return }
        Task {
            do throws(StoreError) {
                let reading = try await source.gather(
                    after: poll.position, poll.wish.filter, limit: poll.wish.limit, bytes: .max)
                if self.beginAnew(poll, reading, of: source) != nil {
                    self.goOn(poll, of: source)
                } else if let answer = self.takeAnswer(reading, to: poll, of: source) {
                    poll.request.answer(answer)
                } else {
                    self.goOn(poll, of: source)
                }
            } catch {
                self.refuse(poll, AnswerHold.unreadable)
            }
        }
    }

    /// Has a poll look once what it has committed is written.
    func awaitWriting(of poll: Poll, _ beginning: Beginning, of source: some EventSource) {
        Task {
            if await !self.isWritten(beginning, of: source) {
                self.refuse(poll, AnswerHold.unavailable)
            } else if let refusal = beginning.refusal {
                self.refuse(poll, refusal)
            } else {
                self.goOn(poll, of: source)
            }
        }
    }

    /// Returns once what a reader has committed, and what its cursors go by, is written; false where it never will be.
    func isWritten(_ beginning: Beginning, of source: some EventSource) async -> Bool {
        guard let unwritten = beginning.unwritten else { return true }
        do throws(StoreError) {
            try await source.keeper?.flush(begun: false)
            source.noteWritten()
            if let (name, position) = unwritten.consumer {
                state.withLock { $0.consumers.wrote(position, of: name) }
            }
            return true
        } catch {
            return false
        }
    }

    /// The store is done with a poll, which looks for itself: whoever had news meanwhile has passed it over.
    private func goOn(_ poll: Poll, of source: some EventSource) {
        let waiting = state.withLock { state -> Poll? in
            guard let index = state.polls.place(of: poll.number) else { return nil }
            state.polls[index].isAtStore = false
            state.polls[index].wish.isUnwritten = false
            return state.polls[index]
        }
        guard let waiting, let answer = takeAnswer(waiting, of: source) else { return }
        poll.request.answer(answer)
    }

    private func refuse(_ poll: Poll, _ problem: Problem) {
        guard state.withLock({ $0.polls.remove(poll.number) }) != nil else { return }
        poll.request.answer(problem)
    }
}

extension EventSource {
    /// The same as `read`, whatever of it is in the store alone.
    func gather(
        after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int
    ) async throws(StoreError) -> Reading {
        var (window, isFresh) = (StoredWindow.none, false)
        var (items, next, left) = ([Reading.Item](), position, bytes)
        while true {
            switch read(after: next, filter, limit: limit - items.count, bytes: left, window) {
            case .events(let found, let through, let more, let ended):
                return .events(items + found, next: through, more: more, ended: ended)
            case .gap(let missed, let oldest):
                // It is told in its place, which is after these.
                guard next == position else { return .events(items, next: next, more: true, ended: false) }
                return .gap(missed: missed, oldest: oldest)
            case .partly(let found, let through):
                items += found
                left -= found.reduce(0) { $0 + $1.entry.size }
                guard through == next else {
                    (next, isFresh) = (through, false)
                    continue
                }
                guard !isFresh else { throw .unavailable("what was read is not what was asked for") }
                (window, isFresh) = (try await fetch(after: next), true)
            }
        }
    }
}
