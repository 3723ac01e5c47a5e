import DequeModule

/// Who has one of a few places next.
///
/// Parties take turns, however many wait for each of them, and none has more than its share of the places at one time: what
/// keeps a place long keeps it from others, and nobody may do that with all of them. A value, which calls nobody.
package struct Turns<Party: Hashable & Sendable, Waiter: Sendable>: Sendable {
    /// While there are free places, nobody has a turn.
    private var free: Int
    private let share: Int
    private var taken: [Party: Int] = [:]
    /// Of each party in the order in which they came; none of the lists is empty.
    private var waiting: [Party: Deque<Waiter>] = [:]
    /// Parties that wait and have less than their share, the one whose turn is next first.
    private var turns: Deque<Party> = []

    /// - Parameters:
    ///   - places: for all; at least one.
    ///   - share: for a single party; at least one.
    package init(places: Int, share: Int) {
        free = max(1, places)
        self.share = max(1, share)
    }

    /// Whether there is a place at once; else the waiter waits.
    package mutating func take(_ party: Party, _ waiter: Waiter) -> Bool {
        if free > 0, hasRoom(party) {
            occupy(party)
            return true
        }
        if waiting[party] == nil, hasRoom(party) { turns.append(party) }
        waiting[party, default: []].append(waiter)
        return false
    }

    /// Gives a place of a party back; who has it now, if anybody does.
    package mutating func give(_ party: Party) -> Waiter? {
        let isFull = !hasRoom(party)
        free += 1
        taken[party] = taken[party].flatMap { $0 > 1 ? $0 - 1 : nil }
        if isFull, waiting[party] != nil { turns.append(party) }
        guard let next = turns.popFirst(), let waiter = waiting[next]?.popFirst() else { return nil }
        occupy(next)
        if waiting[next]?.isEmpty == true { waiting[next] = nil }
        if waiting[next] != nil, hasRoom(next) { turns.append(next) }
        return waiter
    }

    /// Has a waiter of a party wait no more; nil where there is none.
    package mutating func remove(_ party: Party, where isMeant: (Waiter) -> Bool) -> Waiter? {
        guard let index = waiting[party]?.firstIndex(where: isMeant) else { return nil }
        let waiter = waiting[party]?.remove(at: index)
        if waiting[party]?.isEmpty == true {
            waiting[party] = nil
            turns.removeAll { $0 == party }
        }
        return waiter
    }

    /// All who wait, who wait no more.
    package mutating func dismiss() -> [Waiter] {
        defer { (waiting, turns) = ([:], []) }
        return waiting.values.flatMap(\.self)
    }

    private func hasRoom(_ party: Party) -> Bool { taken[party, default: 0] < share }

    private mutating func occupy(_ party: Party) {
        free -= 1
        taken[party, default: 0] += 1
    }
}
