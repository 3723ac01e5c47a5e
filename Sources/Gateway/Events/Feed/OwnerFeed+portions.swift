import DequeModule
import Locking
import Storage

/// Reading for whoever takes several things at once, and is told of a gap in its place among them.
extension OwnerFeed {
    /// The next events after a position that a reader wants, with a gap wherever some of them are gone.
    ///
    /// The same is read again as long as nothing more of it is let go. Throws `StoreError` where the store can't be read.
    ///
    /// - Parameter end: nothing behind it is looked at.
    func portion(
        after position: UInt64, through end: UInt64 = .max, _ filter: TypeFilter, of coverage: FeedCoverage,
        _ limits: FeedPortion.Limits
    ) async throws(StoreError) -> FeedPortion {
        var portion = FeedPortion(after: position)
        var looked = 0
        while looked < limits.references, portion.through < end {
            let (from, batch) = state.withLock { $0.references(after: portion.through, of: coverage) }
            if from > portion.through {
                guard portion.hasRoomForGap(limits) else { return portion }
                // In a store's order others have places too, and of what is dropped nobody knows whose it was.
                let missed = hasPositions || coverage != .all ? nil : min(from, end) - portion.through
                portion.miss(missed, through: min(from, end))
            }
            guard !batch.isEmpty, portion.through < end else { return portion }
            guard try await take(batch, through: end, filter, limits, &portion, &looked) else { return portion }
        }
        return portion
    }

    /// Takes what there is room for; false where that is not all.
    private func take(
        _ batch: [CoveredReference], through end: UInt64, _ filter: TypeFilter, _ limits: FeedPortion.Limits,
        _ portion: inout FeedPortion, _ looked: inout Int
    ) async throws(StoreError) -> Bool {
        var read: [UInt64: EncodedEvent?] = [:]
        for (index, next) in batch.enumerated() {
            let number = next.reference.number
            guard looked < limits.references, number <= end else { return false }
            looked += 1
            guard next.isCovered else {
                portion.pass(number, counts: false)
                continue
            }
            guard let entry = try await find(next, among: batch[index...], &read) else {
                guard portion.hasRoomForGap(limits) else { return false }
                portion.miss(next.reference.sequence == 0 ? nil : 1, through: number)
                continue
            }
            guard filter.matches(entry.type) else {
                portion.pass(number, counts: true)
                continue
            }
            guard portion.hasRoom(for: entry, limits) else { return false }
            portion.add(entry, at: number)
        }
        return true
    }

    /// Events that are read from the store at once: each may have some hundred kilobytes.
    private static let readAtOnce = 32

    /// The event that a reference names; nil where it is gone.
    ///
    /// - Parameter read: what the store has given, with what it did not have.
    private func find(
        _ wanted: CoveredReference, among rest: ArraySlice<CoveredReference>, _ read: inout [UInt64: EncodedEvent?]
    ) async throws(StoreError) -> JournalEntry? {
        switch wanted.session?.find(wanted.reference.sequence) ?? .nowhere {
        case .here(let entry): return entry
        case .nowhere: return nil
        case .store: break
        }
        if read[wanted.reference.number] == nil {
            var places: [EventPlace] = []
            for next in rest where places.count < Self.readAtOnce && next.isCovered {
                guard let session = next.session, case .store = session.find(next.reference.sequence) else { continue }
                places.append(
                    EventPlace(
                        session: SessionID(session.id), seq: next.reference.sequence, position: next.reference.number))
            }
            let events = try await keeper?.store.read(places) ?? []
            read = [:]
            for (place, event) in zip(places, events) { read.updateValue(event, forKey: place.position) }
        }
        // One of a kind that this program does not know is as good as damaged.
        guard let event = read[wanted.reference.number] ?? nil, let type = EventType(named: event.type) else {
            return nil
        }
        return JournalEntry(sequence: wanted.reference.sequence, type: type, uptime: .zero, json: event.json)
    }

    /// How many events there are behind a position for a reader, whatever their types, as far as the feed refers to them; and
    /// the first of them, if memory holds it.
    func backlog(after position: UInt64, of coverage: FeedCoverage) -> (events: Int, first: JournalEntry?) {
        let (events, first) = state.withLock { $0.backlog(after: position, of: coverage) }
        guard let first, case .here(let entry)? = first.session?.find(first.reference.sequence) else {
            return (events, nil)
        }
        return (events, entry)
    }
}

/// A reference, whose session it names, and whether its reader wants that session's events.
struct CoveredReference: Sendable {
    let session: Session?
    let reference: OwnerFeed.Reference
    let isCovered: Bool
}

extension OwnerFeed.State {
    /// The next references after a position, and the position before the first of them: a later one where some are gone.
    fileprivate func references(
        after position: UInt64, of coverage: FeedCoverage
    ) -> (from: UInt64, [CoveredReference]) {
        let from = max(position, oldest)
        let start = place(after: from)
        let batch = references[start..<min(references.endIndex, start + Self.batch)]
        return (
            from,
            batch.map {
                CoveredReference(
                    session: sources[$0.slot]?.session, reference: $0, isCovered: isCovered($0.slot, by: coverage))
            }
        )
    }

    fileprivate func backlog(
        after position: UInt64, of coverage: FeedCoverage
    ) -> (events: Int, first: CoveredReference?) {
        let start = place(after: max(position, oldest))
        var (count, first) = (0, OwnerFeed.Reference?.none)
        switch coverage {
        case .all:
            count = references.endIndex - start
            if count > 0 { first = references[start] }
        case .sessions:
            for reference in references[start...] where isCovered(reference.slot, by: coverage) {
                count += 1
                if first == nil { first = reference }
            }
        }
        return (
            count,
            first.map { CoveredReference(session: sources[$0.slot]?.session, reference: $0, isCovered: true) }
        )
    }

    /// Whether a slot's events are wanted.
    ///
    /// Slot 0 is that of sessions that another process knew and that are gone: they are wanted by whoever names one that
    /// nobody knows any more.
    private func isCovered(_ slot: UInt32, by coverage: FeedCoverage) -> Bool {
        guard case .sessions(let wanted) = coverage else { return true }
        if let id = sources[slot]?.id ?? departed[slot] { return wanted.contains(id) }
        return !wanted.isSubset(of: sources.values.map(\.id))
    }
}
