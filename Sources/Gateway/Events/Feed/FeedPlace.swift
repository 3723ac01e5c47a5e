/// A session's place in its owner's feed.
struct FeedPlace: Sendable {
    let feed: OwnerFeed
    let slot: UInt32

    /// The session's journal has events up to this number, of which the session's loop tells the feed's readers; no lock of a
    /// session may be held.
    func append(through sequence: UInt64, _ owed: Owed) { feed.append(slot, through: sequence, owed) }
}
