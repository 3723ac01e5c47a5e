/// Why a store did not do what it was asked for.
package enum StoreError: Error, Equatable, Sendable {
    /// It can't write now: the disk is full or fails. It tries again by itself, and says in `StoreHealth` when it can.
    case unavailable(String)
    /// What it holds can't be used, with a sentence that names the file; nothing of it was changed.
    case refused(String)
    /// What was asked for can't be read, and won't be by asking again.
    case damaged(String)
    /// The shard is another process's.
    case tenureOver
    /// The store was closed.
    case closed
}

extension StoreError {
    /// What is wrong, without what it means.
    var reason: String {
        switch self {
        case .unavailable(let reason), .refused(let reason), .damaged(let reason): reason
        case .tenureOver, .closed: description
        }
    }

    /// The same with the place where it is damaged; one that has another reason stays as it is.
    package func located(in place: String) -> StoreError {
        guard case .damaged(let reason) = self, !reason.utf8.starts(with: place.utf8) else { return self }
        return .damaged("\(place): \(reason)")
    }
}

extension StoreError: CustomStringConvertible {
    /// In one line.
    package var description: String {
        switch self {
        case .unavailable(let reason): "the state can't be written: \(reason)"
        case .refused(let reason): reason
        case .damaged(let reason): "the state is damaged: \(reason)"
        case .tenureOver: "another process has taken over"
        case .closed: "the state is closed"
        }
    }
}

/// Whether a store can write.
package enum StoreHealth: Equatable, Sendable {
    case good
    /// It keeps what there is to write and tries again; with the reason.
    case failing(String)
}
