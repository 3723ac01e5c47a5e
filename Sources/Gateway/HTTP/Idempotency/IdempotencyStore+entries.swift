import DequeModule
import HTTPFront
import Storage

/// What is remembered of keys, for `IdempotencyStore`.
extension IdempotencyStore {
    struct Entry: Sendable {
        let number: UInt64
        let body: [UInt8]
        /// Nil while it is in progress.
        var answer: Outcome?
        /// What became of the message that it is about; nil before that is known, and for what is about none.
        var outcome: Outcome?
        var bytes = 0
        /// Answers that were handed to the store and are not known to be written.
        var unwritten = 0
        /// As the store has it; nil before it was written.
        var stored: StoredCall?
    }

    /// Where a finished entry is in a queue; one whose entry has gone, or is another by now, is passed over.
    struct Place: Sendable {
        let scope: IdempotencyScope
        let number: UInt64
        let finished: Duration
    }

    struct Session: Sendable {
        var keys = 0
        var bytes = 0
        var finished: Deque<Place> = []
    }

    struct State: Sendable {
        var entries: [IdempotencyScope: Entry] = [:]
        var sessions: [String: Session] = [:]
        /// In the order in which they finished.
        var finished: Deque<Place> = []
        var bytes = 0
        var made: UInt64 = 0
        /// Those that the store has to forget; nil where nothing outlives the process.
        var forgotten: [IdempotencyScope]?
    }

    /// Places of forgotten entries that a queue may hold before it is swept: beside these few, as many as there are others.
    static let stalePlaces = 64
}

extension IdempotencyStore.Entry {
    /// Hands the answer to the store, where the call is in it; whether it is.
    mutating func note(
        _ answer: IdempotencyStore.Outcome, of scope: IdempotencyScope, to keeper: StateKeeper
    ) -> Bool {
        // Nothing has acted that was not written first.
        guard var call = stored else { return false }
        call.answer = KeptAnswer.bytes(of: answer)
        stored = call
        unwritten += 1
        keeper.store.note([.put(call)], under: keeper.tenure)
        return true
    }
}

extension IdempotencyStore.State {
    /// Puts an entry in its place that has its answer.
    mutating func keep(
        _ entry: IdempotencyStore.Entry, of scope: IdempotencyScope, finished: Duration
    ) {
        entries[scope] = entry
        bytes += entry.bytes
        sessions[scope.session]?.bytes += entry.bytes
        let place = IdempotencyStore.Place(scope: scope, number: entry.number, finished: finished)
        self.finished.append(place)
        sessions[scope.session]?.finished.append(place)
    }

    /// Forgets an entry whatever its state.
    mutating func remove(_ scope: IdempotencyScope) {
        guard let entry = entries.removeValue(forKey: scope) else { return }
        if entry.stored != nil { forgotten?.append(scope) }
        bytes -= entry.bytes
        sessions[scope.session]?.bytes -= entry.bytes
        sessions[scope.session]?.keys -= 1
        if sessions[scope.session]?.keys == 0 { sessions[scope.session] = nil }
    }

    /// Forgets the entry that was put there, if it still is the same.
    mutating func forget(_ place: IdempotencyStore.Place) {
        if entries[place.scope]?.number == place.number { remove(place.scope) }
    }

    mutating func forget(finishedBefore time: Duration) {
        while let first = finished.first, first.finished <= time {
            finished.removeFirst()
            forget(first)
        }
    }

    /// Takes places whose entries are gone out of the queues when they are in the majority.
    mutating func sweepQueues(of session: String) {
        let entries = entries
        func isThere(_ place: IdempotencyStore.Place) -> Bool { entries[place.scope]?.number == place.number }
        if finished.count > 2 * entries.count + IdempotencyStore.stalePlaces { finished = finished.filter(isThere) }
        if let kept = sessions[session], kept.finished.count > 2 * kept.keys + IdempotencyStore.stalePlaces {
            sessions[session]?.finished = kept.finished.filter(isThere)
        }
    }

    /// Has those sessions give that hold the most, each its oldest, so that no session's flood costs others their answers.
    ///
    /// All sessions are looked at, so that room is made for more than one answer at a time.
    mutating func makeRoom(downTo wanted: Int) {
        let sizes = sessions.values.map(\.bytes).sorted()
        // What each may hold: what those below it leave, divided among those that are not.
        var left = wanted
        var level = wanted
        for (index, size) in sizes.enumerated() {
            level = left / (sizes.count - index)
            if size > level { break }
            left -= size
        }
        for session in sessions.filter({ $0.value.bytes > level }).keys {
            while sessions[session]?.bytes ?? 0 > level, forgetOldest(of: session) {}
        }
    }

    /// Forgets the oldest finished one of a session; false when there is none.
    mutating func forgetOldest(of session: String) -> Bool {
        while let place = sessions[session]?.finished.popFirst() {
            guard entries[place.scope]?.number == place.number else { continue }
            forget(place)
            return true
        }
        return false
    }
}
