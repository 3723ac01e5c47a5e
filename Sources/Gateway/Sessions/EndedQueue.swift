import DequeModule

/// The ended sessions of one holder, the one that ended first in front; each call takes the time of a look-up on average.
struct EndedQueue: Sendable {
    private var ids: Deque<String> = []
    /// Those that were taken out of the middle and are passed over, which are never more than half.
    private var gone: Set<String> = []

    var count: Int { ids.count - gone.count }

    mutating func append(_ id: String) { ids.append(id) }

    mutating func popFirst() -> String? {
        while let id = ids.popFirst() {
            if gone.remove(id) == nil { return id }
        }
        return nil
    }

    /// Takes out one that is there, wherever it is.
    mutating func remove(_ id: String) {
        gone.insert(id)
        guard gone.count * 2 > ids.count else { return }
        ids.removeAll { gone.contains($0) }
        gone = []
    }
}
