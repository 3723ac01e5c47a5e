import ByteText
import Storage

extension CommitQueue.Work {
    /// Whom it is counted with.
    var session: SessionID? {
        switch self {
        case .event(let event): event.session
        case .changes(let changes): changes.session
        }
    }

    var size: Int {
        switch self {
        case .event(let event): event.size
        case .changes(let changes): changes.size
        }
    }
}

extension RecordChange {
    /// Whose it is; nil for what belongs to no session.
    var session: SessionID? {
        switch self {
        case .put(let record): Self.session(type(of: record).table, record.values.first)
        case .remove(let key):
            RecordTable.all.first { ASCII.equals($0.table.name, key.table) }
                .flatMap { Self.session($0.table, key.values.first) }
        case .removeSession(let session): session
        }
    }

    private static func session(_ table: RecordTable, _ first: StoredValue?) -> SessionID? {
        guard table.isOfSession || ASCII.equals(table.name, StoredSession.table.name), case .text(let id)? = first
        else { return nil }
        return SessionID(id)
    }

    /// Bytes that it takes, about.
    var size: Int {
        switch self {
        case .put(let record): record.values.reduce(64) { $0 + $1.size }
        case .remove(let key): key.values.reduce(64) { $0 + $1.size }
        case .removeSession: 64
        }
    }
}

extension StoredValue {
    fileprivate var size: Int {
        switch self {
        case .null, .integer: 16
        case .text(let text): 16 + text.utf8.count
        case .bytes(let bytes): 16 + bytes.count
        }
    }
}

extension [CommitQueue.Work] {
    /// Lets go of changes of records that later ones replace, which nobody can tell where all are written in one transaction.
    ///
    /// So what waits while nothing can be written grows with the records that change, and not with how often they do. Returns
    /// how many bytes less that are, and whose.
    @discardableResult
    mutating func dropReplaced() -> [(size: Int, session: SessionID?)] {
        var seen: Set<RecordKey> = []
        var kept: [CommitQueue.Work] = []
        var dropped: [(size: Int, session: SessionID?)] = []
        for work in reversed() {
            guard case .changes(let all) = work else {
                kept.append(work)
                continue
            }
            // What may yet be refused replaces nothing.
            let replaces = all.patience == .untilWritten
            func isLast(_ key: RecordKey) -> Bool { replaces ? seen.insert(key).inserted : !seen.contains(key) }
            let changes = all.changes.reversed().filter { change in
                switch change {
                case .put(let record): isLast(record.key)
                case .remove(let key): isLast(key)
                case .removeSession: true
                }
            }
            let rest = all.with(changes.reversed())
            if rest.size < all.size { dropped.append((all.size - rest.size, all.session)) }
            // Whoever waits is told, whatever is left of its changes.
            guard !changes.isEmpty || all.done != nil else { continue }
            kept.append(.changes(rest))
        }
        self = kept.reversed()
        return dropped
    }
}
