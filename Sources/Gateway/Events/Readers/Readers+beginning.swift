import Locking

/// Where readers begin, and what they have said that they have read.
extension Readers {
    /// Where a reader begins, and what it has committed that is not written yet.
    struct Beginning: Sendable {
        var position: UInt64
        /// Whether that is the oldest event that there is, whichever it is.
        var isOldest = false
        /// Nil where all is written, and where nothing is.
        var unwritten: Unwritten?
        /// What it is told instead of events, once all is written.
        var refusal: Problem?
    }

    /// What has to be written before a reader is told anything: what its cursors go by, and what it has committed.
    struct Unwritten: Sendable {
        /// Nil where it has committed nothing.
        var consumer: (name: ConsumerName, position: UInt64)?
    }

    /// Where a reader begins, and what it commits: a consumer's position moves to where it says that it has read to.
    ///
    /// Throws 410 where events are gone, and 503 where what it commits, or what its cursors go by, can't be written; then it
    /// commits nothing.
    func begin(_ query: ReadQuery, of source: some EventSource) throws(Problem) -> Beginning {
        let known = query.consumer.flatMap { name in state.withLock { $0.consumers[name] } }
        let beginning = query.consumer == nil ? ReadPosition.now : Consumers.beginning
        let stand = known.map { ReadPosition.after(source.cursor($0)) }
        let wanted = query.position ?? stand ?? beginning
        let isUnwritten = source.isUnwritten
        // Asked where it matters: each answer takes the lock of those who write.
        guard !isUnwritten || source.canWrite else { throw AnswerHold.unavailable }
        let start: UInt64
        do throws(Problem) {
            start = try source.resolve(wanted)
        } catch  where isUnwritten && error.code == .cursorExpired {
            // It names a cursor, too.
            return Beginning(position: 0, unwritten: Unwritten(), refusal: error)
        }
        var place = Beginning(position: start, isOldest: wanted == .oldest, unwritten: isUnwritten ? Unwritten() : nil)
        guard let consumer = query.consumer else { return place }
        let canWrite = source.canWrite
        return try state.withLock { state throws(Problem) -> Beginning in
            guard !state.isClosed else { throw Authorizer.unauthorized }
            if query.commits, query.position != nil || known == nil {
                let before = state.consumers[consumer]
                guard canWrite || before.map({ $0 >= start }) ?? false else { throw AnswerHold.unavailable }
                try state.consumers.commit(start, for: consumer)
                if let keep = state.keep, let position = state.consumers[consumer], position != before {
                    keep(consumer, position)
                }
            }
            // It may be another call that has committed it and that nobody has heard of.
            let unwritten = state.keep == nil ? nil : state.consumers.unwritten(consumer)
            guard unwritten == nil || canWrite else { throw AnswerHold.unavailable }
            if let unwritten { place.unwritten = Unwritten(consumer: (consumer, unwritten)) }
            return place
        }
    }

    /// A poll that asked for the oldest event, at what is that now, where the one before has gone while it read; else nil.
    func beginAnew(_ poll: Poll, _ reading: Reading, of source: some EventSource) -> Poll? {
        guard poll.wish.isOldest, case .gap = reading, let oldest = source.oldest(insteadOf: poll.position) else {
            return nil
        }
        var poll = poll
        poll.position = oldest
        move(poll, to: oldest, isOldest: true)
        return poll
    }

    /// A poll has come to a position.
    ///
    /// - Parameter isOldest: whether it still begins with the oldest event, whichever it is.
    func move(_ poll: Poll, to position: UInt64, isOldest: Bool) {
        state.withLock { state in
            guard let index = state.polls.place(of: poll.number) else { return }
            state.polls[index].position = max(state.polls[index].position, position)
            if !isOldest { state.polls[index].wish.isOldest = false }
        }
    }

    /// The names that have a position.
    var consumers: [ConsumerName] { state.withLock { $0.consumers.all.map(\.0) } }

    /// From now on each position that a name commits is told, and those at once that were not kept before.
    ///
    /// - Parameter known: positions that another process has kept; what is no name is passed over.
    func keepConsumers(_ known: [(String, UInt64)], _ keep: @escaping @Sendable (ConsumerName, UInt64) -> Void) {
        state.withLock { state in
            for (name, position) in state.consumers.all { keep(name, position) }
            for (text, position) in known {
                guard let name = try? ConsumerName(parsing: text) else { continue }
                try? state.consumers.commit(position, for: name)
                state.consumers.wrote(position, of: name)
            }
            state.keep = keep
        }
    }
}

/// The positions of named readers.
struct Consumers: Sendable {
    /// Where a new name begins: whoever has a name wants all there is, and after a restart, which forgets the names,
    /// nothing that came meanwhile is passed over in silence.
    static let beginning = ReadPosition.oldest

    private var positions: [ConsumerName: UInt64] = [:]
    /// What the store has of them.
    private var written: [ConsumerName: UInt64] = [:]

    /// All of them.
    var all: some Sequence<(ConsumerName, UInt64)> { positions.lazy.map { ($0.key, $0.value) } }

    /// Where a name stands; nil for one that nobody has used.
    subscript(name: ConsumerName) -> UInt64? { positions[name] }

    /// Moves a name on, never back; throws 400 for one name too many.
    ///
    /// Not 429, as waiting doesn't help: no name makes room for another, whose reader would lose its place in silence.
    mutating func commit(_ position: UInt64, for name: ConsumerName) throws(Problem) {
        guard positions[name] != nil || positions.count < GatewayLimits.consumers else {
            throw Problem(
                .invalidRequest, "There are \(GatewayLimits.consumers) consumers already, as many as there may be.")
        }
        positions[name] = max(positions[name] ?? 0, position)
    }

    /// The position of a name, unless the store has that.
    func unwritten(_ name: ConsumerName) -> UInt64? { positions[name].flatMap { $0 == written[name] ? nil : $0 } }

    /// The store has a position of a name.
    mutating func wrote(_ position: UInt64, of name: ConsumerName) {
        written[name] = max(written[name] ?? 0, position)
    }
}
