/// Collects the lines that answer one search (docs/protocol.md#directory).
struct DirectorySearch: Equatable, Sendable {
    enum Progress: Equatable {
        case advanced
        case complete([DirectoryEntry])
        /// More than is kept.
        case tooMany
    }

    /// People whom one search may find.
    ///
    /// No document gives a limit, servers give up with 301, and nobody reads that many.
    static let mostEntries = 1_000
    /// Bytes of all entries together: the most people with a quarter of a kilobyte each.
    static let mostBytes = mostEntries * 256

    private var entries: [DirectoryEntry] = []
    private var bytes = 0

    /// Takes line `index` of `count`; `0 0` is the answer that finds nobody.
    mutating func receive(index: UInt32, of count: UInt32, _ entry: DirectoryEntry?) -> Progress {
        guard let entry else { return .complete(entries) }
        bytes += entry.size
        guard entries.count < Self.mostEntries, bytes <= Self.mostBytes else { return .tooMany }
        entries.append(entry)
        // Complete by the number, or by the count for a server that begins at 0.
        return index >= count || entries.count >= count ? .complete(entries) : .advanced
    }
}

extension DirectoryEntry {
    fileprivate var size: Int {
        [firstName, lastName, city, state, country].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    }
}
