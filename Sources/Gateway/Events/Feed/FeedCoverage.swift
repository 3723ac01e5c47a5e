import Storage

/// Whose events of a feed a reader wants: those of all sessions of the key, or of those that it names.
enum FeedCoverage: Sendable, Equatable {
    case all
    case sessions(Set<SessionID>)
}

/// Whose the slots of a feed were whose sessions are gone.
///
/// What references still name such a slot is missed by whoever wants that session's events, and by nobody else.
struct DepartedSources: Sendable {
    private var sources: [UInt32: (id: SessionID, last: UInt64)] = [:]
    /// How many there may be before it is looked which of them nothing refers to any more.
    private var most = Self.fewest

    /// A look at so many costs nothing.
    private static let fewest = 256

    subscript(slot: UInt32) -> SessionID? { sources[slot]?.id }

    /// Takes one in that references behind a position may name; never many more than there are such references.
    mutating func add(_ slot: UInt32, _ source: OwnerFeed.Source, oldest: UInt64) {
        guard source.last > oldest else { return }
        sources[slot] = (source.id, source.last)
        guard sources.count > most else { return }
        sources = sources.filter { $0.value.last > oldest }
        most = max(Self.fewest, sources.count * 2)
    }
}
