import Locking

extension Session {
    /// Takes its place in its owner's feed; the number of its last event so far, or nil when it had a place already.
    func enterFeed(_ place: FeedPlace) -> UInt64? {
        state.withLock { state in
            guard state.feedPlace == nil else { return nil }
            state.feedPlace = place
            return state.record.journal.head
        }
    }

    /// It can be read no more: what the feed still refers to is gone.
    func leaveFeed() {
        guard let place = state.withLock({ $0.feedPlace }) else { return }
        place.feed.leave(place.slot)
    }

    /// The event of that number; nil when it is no longer kept.
    func entry(_ sequence: UInt64, at uptime: Duration) -> JournalEntry? {
        var growth = 0
        let entry = state.withLock { state in
            state.record.dropOldEvents(at: uptime)
            growth = state.takeGrowth()
            return state.record.journal.entry(sequence)
        }
        account(growth)
        return entry
    }
}
