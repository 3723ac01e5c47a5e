/// What a gateway remembers: journals and records, written in one order.
///
/// What one process hands in is written in the order in which it came, events and records alike: who sees one of them sees
/// all that came before it.
package protocol Store: JournalStore, RecordStore {
    /// Whether it is there for the next process too.
    ///
    /// Where it is not, the sessions' own journals are all there is, and a gateway hands it no event.
    var outlivesProcess: Bool { get }

    /// Whether it can write now.
    var health: StoreHealth { get }

    /// What it counts, for whoever watches it.
    var figures: StoreFigures { get }

    /// What it is in, for people: the path of a file.
    var place: String { get }

    /// Calls back, on a thread of the store or on that of whoever asks for it, whenever `health` has changed.
    func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void)

    /// Writes what was handed in and lets go; whatever comes later is refused.
    func close() async
}

extension Store {
    /// All 0: nothing waits and nothing is damaged.
    package var figures: StoreFigures { StoreFigures() }

    /// Of a store without a file.
    package var place: String { "memory" }
}

/// What a store counts.
package struct StoreFigures: Equatable, Sendable {
    /// Bytes that were handed in and are not written.
    package var waitingBytes = 0
    /// Events that should be there and could not be read, since it was opened.
    package var damagedEvents = 0
    /// Numbers that no event has, as one that was lost may have had them.
    package var passedOverNumbers = 0
    /// How often it could not write any more, since it was opened.
    package var failures = 0

    package init(damagedEvents: Int = 0) { self.damagedEvents = damagedEvents }
}
