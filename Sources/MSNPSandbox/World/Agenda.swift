import HeapModule

/// Things that are due at times of their own, which come in in any order.
///
/// As in `Deadlines`, what no longer matters stays in until it is due.
struct Agenda<Element: Sendable>: Sendable {
    /// Ordered by when it is due, and where that is the same by when it came in.
    private struct Entry: Comparable, Sendable {
        let due: Duration
        let number: Int
        let element: Element

        static func == (left: Entry, right: Entry) -> Bool { left.number == right.number }

        static func < (left: Entry, right: Entry) -> Bool { (left.due, left.number) < (right.due, right.number) }
    }

    private var entries = Heap<Entry>()
    private var lastNumber = 0

    /// When the next one is due.
    var next: Duration? { entries.min?.due }

    mutating func insert(_ element: Element, due: Duration) {
        lastNumber += 1
        entries.insert(Entry(due: due, number: lastNumber, element: element))
    }

    /// Takes out one that is due.
    mutating func popDue(at now: Duration) -> Element? {
        guard let next, next <= now else { return nil }
        return entries.popMin()?.element
    }
}
