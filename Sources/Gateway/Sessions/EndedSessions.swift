/// The ended sessions that can still be read, and which of them have to go when there are too many.
///
/// Each holder has a queue of its own, and whoever has the most gives first: a flood of short sessions pushes out its own
/// ones. Sessions without an API key have half of the places at most while others want them, as addresses are cheaper to
/// come by than keys. Taking one in, or the oldest out, takes the time of a look-up.
struct EndedSessions: Sendable {
    /// One kind of holders: queues, and who has the longest.
    private struct Share: Sendable {
        var queues: [SessionHolder: EndedQueue] = [:]
        /// Holders by the length of their queue.
        var byLength: [Int: Set<SessionHolder>] = [:]
        var longest = 0
        var count = 0

        mutating func append(_ id: String, _ holder: SessionHolder) {
            let length = queues[holder]?.count ?? 0
            queues[holder, default: EndedQueue()].append(id)
            move(holder, from: length, to: length + 1)
        }

        /// The oldest of a holder.
        mutating func removeFirst(of holder: SessionHolder) -> String? {
            guard let length = queues[holder]?.count, let id = queues[holder]?.popFirst() else { return nil }
            if length == 1 { queues[holder] = nil }
            move(holder, from: length, to: length - 1)
            return id
        }

        mutating func remove(_ id: String, _ holder: SessionHolder) {
            guard let length = queues[holder]?.count else { return }
            queues[holder]?.remove(id)
            if length == 1 { queues[holder] = nil }
            move(holder, from: length, to: length - 1)
        }

        /// The oldest of whoever has the most.
        mutating func removeFirstOfGreediest() -> String? {
            guard let holder = byLength[longest]?.first else { return nil }
            return removeFirst(of: holder)
        }

        private mutating func move(_ holder: SessionHolder, from old: Int, to new: Int) {
            byLength[old]?.remove(holder)
            if byLength[old]?.isEmpty == true { byLength[old] = nil }
            if new > 0 { byLength[new, default: []].insert(holder) }
            count += new - old
            longest = max(longest, new)
            // A step at most: only the one that was moved can have been the last of its length.
            while longest > 0, byLength[longest] == nil { longest -= 1 }
        }
    }

    private var anonymous = Share()
    private var keys = Share()
    private var holders: [String: SessionHolder] = [:]

    var count: Int { holders.count }

    /// Takes one in; the IDs of those that have to go for it.
    ///
    /// - Parameters:
    ///   - most: of all, 0 for no limit.
    ///   - mostForNetwork: of one client without a key, 0 for no limit.
    mutating func insert(_ id: String, of holder: SessionHolder, most: Int, mostForNetwork: Int) -> [String] {
        guard holders[id] == nil else { return [] }
        holders[id] = holder
        var gone: [String] = []
        if holder.isAnonymous {
            anonymous.append(id, holder)
            while mostForNetwork > 0, anonymous.queues[holder]?.count ?? 0 > mostForNetwork,
                let oldest = anonymous.removeFirst(of: holder)
            {
                gone.append(oldest)
            }
        } else {
            keys.append(id, holder)
        }
        while most > 0, anonymous.count + keys.count > most {
            let isAnonymousTurn = anonymous.count > most / 2 || keys.count == 0
            let oldest = isAnonymousTurn ? anonymous.removeFirstOfGreediest() : keys.removeFirstOfGreediest()
            guard let oldest else { break }
            gone.append(oldest)
        }
        for id in gone { holders[id] = nil }
        return gone
    }

    mutating func remove(_ id: String) {
        guard let holder = holders.removeValue(forKey: id) else { return }
        if holder.isAnonymous { anonymous.remove(id, holder) } else { keys.remove(id, holder) }
    }
}
