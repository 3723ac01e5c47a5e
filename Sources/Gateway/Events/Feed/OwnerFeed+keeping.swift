import Locking
import Storage
import Synchronization

/// What the store has of a feed.
extension OwnerFeed {
    /// What the store is to have of it; nil where it is to have nothing.
    var stored: StoredFeed? {
        guard hasPositions, case .key(let id) = owner else { return nil }
        return state.withLock { state in
            state.isForgotten ? nil : StoredFeed(owner: id, epoch: epoch, gone: state.gone)
        }
    }

    var isUnwritten: Bool { !isWritten.load(ordering: .acquiring) }

    func noteWritten() { isWritten.store(true, ordering: .releasing) }

    /// Its key is no more, and its readers are closed: the store gets nothing of it from now on; what that has to forget.
    func forget() -> [RecordChange] {
        guard let stored else { return [] }
        state.withLock { $0.isForgotten = true }
        let consumers = readers.consumers.map { name in
            RecordChange.remove(StoredFeedConsumer(owner: stored.owner, name: name.text, position: 0).key)
        }
        return consumers + [.remove(stored.key)]
    }
}
