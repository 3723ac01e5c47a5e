/// Things that are due at times of their own, which come in in any order; a binary heap.
///
/// As in `Deadlines`, what no longer matters stays in until it is due.
struct Agenda<Element: Sendable>: Sendable {
    private var entries: [(due: Duration, element: Element)] = []

    /// When the next one is due.
    var next: Duration? { entries.first?.due }

    mutating func insert(_ element: Element, due: Duration) {
        entries.append((due, element))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].due < entries[parent].due else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out one that is due.
    mutating func popDue(at now: Duration) -> Element? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while let child = [2 * parent + 1, 2 * parent + 2].filter({ $0 < entries.count })
            .min(by: { entries[$0].due < entries[$1].due }), entries[child].due < entries[parent].due
        {
            entries.swapAt(child, parent)
            parent = child
        }
        return first.element
    }
}
