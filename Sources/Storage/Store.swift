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

    /// Calls back, on a thread of the store, whenever `health` has changed.
    func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void)

    /// Writes what was handed in and lets go; whatever comes later is refused.
    func close() async
}
