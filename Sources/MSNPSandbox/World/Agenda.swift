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

/// Things that are due after one and the same time each, so that they come due in the order in which they came in.
///
/// What no longer matters stays in until it is due; its owner finds it stale then.
struct Deadlines<Element: Sendable>: Sendable {
    private var entries: [(due: Duration, element: Element)] = []
    private var first = 0

    /// When the next one is due.
    var next: Duration? { first < entries.count ? entries[first].due : nil }

    mutating func append(_ element: Element, due: Duration) { entries.append((due, element)) }

    /// Takes out one that is due.
    mutating func popDue(at now: Duration) -> Element? {
        guard first < entries.count, entries[first].due <= now else { return nil }
        let element = entries[first].element
        first += 1
        // Moving what is left once half is spent keeps the cost of each entry constant.
        if first >= 64, first * 2 >= entries.count {
            entries.removeFirst(first)
            first = 0
        }
        return element
    }
}
