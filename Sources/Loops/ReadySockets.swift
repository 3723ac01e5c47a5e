/// The sockets of a loop that have to wait for its next turn to hear what has happened at them, in the order in which they began
/// to wait.
///
/// The kernel reports what nobody has dealt with again in each turn, so that one that waits is here once, with all that has
/// happened.
struct ReadySockets {
    private var order: [UInt64] = []
    /// Where the first of them stands.
    private var first = 0
    private var happened: [UInt64: UInt32] = [:]

    var isEmpty: Bool { first == order.count }

    /// Something has happened at a socket for which there is no time; `what` are epoll's bits.
    mutating func note(_ number: UInt64, _ what: UInt32) {
        if happened[number, default: 0] == 0 { order.append(number) }
        happened[number, default: 0] |= what
    }

    /// Takes out the one that has waited longest.
    mutating func next() -> (number: UInt64, what: UInt32)? {
        guard first < order.count else { return nil }
        let number = order[first]
        first += 1
        if first == order.count {
            order.removeAll(keepingCapacity: true)
            first = 0
        } else if first > order.count / 2 {
            order.removeFirst(first)
            first = 0
        }
        return happened.removeValue(forKey: number).map { (number, $0) }
    }
}
