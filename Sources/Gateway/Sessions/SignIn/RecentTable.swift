/// A dictionary that holds so many entries at most: the one written longest ago makes room for a new one.
///
/// Each operation takes the time of a look-up, however full it is.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var key: Key
        var value: Value
        /// Written before and after it; nil at the ends.
        var older: Int?
        var newer: Int?
    }

    private let most: Int
    private var places: [Key: Int] = [:]
    private var slots: [Slot] = []
    private var oldest: Int?
    private var newest: Int?

    /// - Parameter most: at least 1.
    init(most: Int) {
        self.most = max(1, most)
    }

    var count: Int { slots.count }

    /// Looking changes nothing of the order.
    subscript(key: Key) -> Value? { places[key].map { slots[$0].value } }

    /// Changes the value of a key, or a fresh one; it is the one written last from then on.
    mutating func change<Result>(
        _ key: Key, from fresh: @autoclosure () -> Value, _ body: (inout Value) -> Result
    ) -> Result {
        if let index = places[key] {
            unlink(index)
            link(index)
            return body(&slots[index].value)
        }
        if slots.count >= most, let oldest { removeSlot(oldest) }
        slots.append(Slot(key: key, value: fresh()))
        places[key] = slots.count - 1
        link(slots.count - 1)
        return body(&slots[slots.count - 1].value)
    }

    mutating func remove(_ key: Key) {
        if let index = places[key] { removeSlot(index) }
    }

    private mutating func unlink(_ index: Int) {
        let slot = slots[index]
        if let older = slot.older { slots[older].newer = slot.newer } else { oldest = slot.newer }
        if let newer = slot.newer { slots[newer].older = slot.older } else { newest = slot.older }
    }

    private mutating func link(_ index: Int) {
        slots[index].older = newest
        slots[index].newer = nil
        if let newest { slots[newest].newer = index } else { oldest = index }
        newest = index
    }

    /// Takes a slot out; the last one moves into its place, so that there are no holes.
    private mutating func removeSlot(_ index: Int) {
        unlink(index)
        places[slots[index].key] = nil
        let last = slots.count - 1
        if index != last {
            let moved = slots[last]
            slots[index] = moved
            places[moved.key] = index
            if let older = moved.older { slots[older].newer = index } else { oldest = index }
            if let newer = moved.newer { slots[newer].older = index } else { newest = index }
        }
        slots.removeLast()
    }
}
