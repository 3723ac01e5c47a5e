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
