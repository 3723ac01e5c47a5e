import HTTPFront
import Locking

/// Who reads a source of events: the polls that wait, the streams that are open, and the positions of those with a name.
///
/// One lock guards it, which is never held while the source is read. So a change and a reader can cross, and nobody is
/// forgotten: who changes writes the event first and looks for readers then; who wants to wait is put down first and reads
/// once more then.
final class Readers: Sendable {
    /// A poll that found nothing and waits.
    struct Poll: Sendable {
        let number: UInt64
        let request: ParkedRequest
        let filter: TypeFilter
        let limit: Int
        /// Everything up to here was examined.
        ///
        /// It moves on with events that the filter leaves out, so that filtering never makes a reader fall behind.
        var position: UInt64
    }

    /// What a poll's request holds of it.
    private final class Wait: Sendable {
        let readers: Readers
        let source: any EventSource
        let number: UInt64
        let filter: TypeFilter
        let limit: Int
        /// Up to where was examined before it waited.
        let position: UInt64

        init(
            _ number: UInt64, _ query: ReadQuery, after position: UInt64, of source: any EventSource, _ readers: Readers
        ) {
            self.readers = readers
            self.source = source
            self.number = number
            filter = query.filter
            limit = query.limit
            self.position = position
        }

        func begin(_ request: ParkedRequest) {
            readers.park(
                Poll(number: number, request: request, filter: filter, limit: limit, position: position), of: source)
        }

        func release() -> Result<Response, any Error> {
            source.noteUse()
            let position = readers.state.withLock { $0.polls.remove(number) }?.position ?? position
            let reading = source.read(after: position, filter, limit: limit, bytes: .max)
            return Readers.response(reading, of: source).mapError { $0 as any Error }
        }

        func abandon() {
            source.noteUse()
            readers.state.withLock { state in _ = state.polls.remove(number) }
        }
    }

    /// What one change has added to a source's events.
    struct News: Sendable {
        /// The numbers of the last event before and of the last of them.
        let numbers: (before: UInt64, last: UInt64)
        let types: EventType.Set
    }

    struct State: Sendable {
        /// By number; they are few, and mostly one.
        var polls: [Poll] = []
        var streams: [UInt64: StreamSignal] = [:]
        /// Polls and streams so far, which are numbered.
        var made: UInt64 = 0
        var consumers = Consumers()
        /// Called under the lock with each position that a name commits; nil where nothing outlives the process.
        var keep: (@Sendable (ConsumerName, UInt64) -> Void)?
        /// Noted in what a loop owes.
        var isOwing = false
        /// What comes before is gathered.
        var quietUntil = ContinuousClock.now
        /// Nobody may read any more.
        var isClosed = false
    }

    let state = Locked(State())

    /// How many polls wait.
    var polls: Int { state.withLock { $0.polls.count } }

    /// Whether nobody waits or streams.
    var isEmpty: Bool { state.withLock { $0.polls.isEmpty && $0.streams.isEmpty } }

    /// There are new events: whoever waits for them is told at the end of a turn of that loop.
    ///
    /// Any thread may say so, without any lock.
    ///
    /// - Parameter news: what they are, where that is known; polls that want none of it are past it at once.
    func note(_ source: some EventSource, _ news: News? = nil, on owed: Owed) {
        if let notBefore = take(news) { owed.note(source, notBefore: notBefore) }
    }

    /// The same, for whoever notes many at once.
    func note(_ source: some EventSource, _ news: News? = nil, on owed: Owed, with notes: inout OwedNotes) {
        if let notBefore = take(news) { notes.add(Owed.Note(owing: source, notBefore: notBefore), on: owed) }
    }

    /// From when on somebody is to be told; nil where nobody waits for the news, or they are noted already.
    private func take(_ news: News?) -> ContinuousClock.Instant? {
        state.withLock { state in
            let isWanted = state.passOn(news)
            guard !state.isOwing, isWanted || !state.streams.isEmpty else { return nil }
            state.isOwing = true
            return state.quietUntil
        }
    }

    /// Answers the polls for which something has come, moves the others on, and wakes the streams.
    func handOut(of source: some EventSource, at now: ContinuousClock.Instant, to deliveries: inout Deliveries) {
        let last = state.withLock { state in
            // Whatever comes from now on is noted anew, as polls stay where they are while this one reads.
            state.isOwing = false
            state.quietUntil = now + GatewayLimits.coalescing
            for signal in state.streams.values { deliveries.wake(signal) }
            return state.made
        }
        // One after the other, and none of those that come meanwhile: they look for themselves.
        var number: UInt64 = 0
        while let poll = state.withLock({ $0.polls.next(after: number) }), poll.number <= last {
            number = poll.number
            if let answer = takeAnswer(poll, of: source) { deliveries.answer(poll.request, with: answer) }
        }
    }

    /// Nobody may read any more: polls are refused, and streams end.
    func close() {
        let (polls, streams) = state.withLock { state in
            state.isClosed = true
            defer { state.polls = [] }
            return (state.polls, Array(state.streams.values))
        }
        for poll in polls { poll.request.answer(Authorizer.unauthorized) }
        for signal in streams { signal.wake() }
    }

    // MARK: - Polls

    func poll(_ query: ReadQuery, of source: some EventSource) throws(Problem) -> Answer {
        let start = try begin(query, of: source)
        let reading = source.read(after: start, query.filter, limit: query.limit, bytes: .max)
        guard case .events(_, let position, _, _) = reading, reading.isNothing, query.wait > 0 else {
            return .now(try Self.response(reading, of: source).get())
        }
        let number = try state.withLock { state throws(Problem) in
            guard state.polls.count < source.mostPolls else {
                throw Problem(.rateLimited, "\(source.mostPolls) polls wait for \(source.title) already.")
                    .retrying(after: 1)
            }
            return state.number()
        }
        let wait = Wait(number, query, after: position, of: source, self)
        return .park(
            ParkedRequest(
                timeout: .seconds(query.wait), began: { wait.begin($0) }, released: { _ in wait.release() },
                abandoned: { wait.abandon() }))
    }

    private func park(_ poll: Poll, of source: some EventSource) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.polls.insert(poll) }
            return state.isClosed
        }
        source.noteWaiting()
        guard !isClosed else {
            poll.request.answer(Authorizer.unauthorized)
            return
        }
        // Events may have come between the look and the parking.
        if let answer = takeAnswer(poll, of: source) { poll.request.answer(answer) }
    }

    /// What a poll is answered, which is out then; one for which nothing has come moves on.
    private func takeAnswer(_ poll: Poll, of source: some EventSource) -> Result<Response, any Error>? {
        let reading = source.read(after: poll.position, poll.filter, limit: poll.limit, bytes: .max)
        guard case .events(_, let next, _, _) = reading, reading.isNothing else {
            // Whoever takes it out answers it.
            guard state.withLock({ $0.polls.remove(poll.number) }) != nil else { return nil }
            source.noteUse()
            return Self.response(reading, of: source).mapError { $0 as any Error }
        }
        guard next > poll.position else { return nil }
        state.withLock { state in
            guard let index = state.polls.place(of: poll.number), state.polls[index].position < next else { return }
            state.polls[index].position = next
        }
        return nil
    }

    private static func response(_ reading: Reading, of source: some EventSource) -> Result<Response, Problem> {
        switch reading {
        case .events(let items, let next, let more, let ended):
            .success(
                .json(
                    JournalPage.encoded(items, next: source.cursor(next), more: more, ended: ended)))
        case .gap(let missed, let oldest):
            .failure(source.expired(missed: missed, oldest: oldest, "The events after the cursor are no longer kept."))
        }
    }

    // MARK: - Beginning

    /// Where a reader begins, and what it commits: a consumer's position moves to where it says that it has read to.
    ///
    /// Throws 410 where events are gone, and then commits nothing.
    func begin(_ query: ReadQuery, of source: some EventSource) throws(Problem) -> UInt64 {
        let known = query.consumer.flatMap { name in state.withLock { $0.consumers[name] } }
        let beginning = query.consumer == nil ? ReadPosition.now : Consumers.beginning
        let stand = known.map { ReadPosition.after(source.cursor($0)) }
        let start = try source.resolve(query.position ?? stand ?? beginning)
        if let consumer = query.consumer, query.commits, query.position != nil || known == nil {
            try state.withLock { state throws(Problem) in
                let before = state.consumers[consumer]
                try state.consumers.commit(start, for: consumer)
                guard let keep = state.keep, let position = state.consumers[consumer], position != before else {
                    return
                }
                keep(consumer, position)
            }
        }
        return start
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
                if let name = try? ConsumerName(parsing: text) { try? state.consumers.commit(position, for: name) }
            }
            state.keep = keep
        }
    }
}

extension Readers.State {
    /// A number for one reader more.
    mutating func number() -> UInt64 {
        made += 1
        return made
    }

    /// Moves the polls on that want nothing of the news; whether another is left.
    mutating func passOn(_ news: Readers.News?) -> Bool {
        guard let news else { return !polls.isEmpty }
        var isWanted = false
        for index in polls.indices {
            if polls[index].position == news.numbers.before, !polls[index].filter.matches(anyOf: news.types) {
                polls[index].position = news.numbers.last
            } else {
                isWanted = true
            }
        }
        return isWanted
    }
}

extension Readers.News {
    /// What a journal has got since an event; nil where some of it is gone already.
    init?(_ journal: Journal, after sequence: UInt64) {
        guard let types = journal.types(after: sequence) else { return nil }
        self.init(numbers: (sequence, journal.written), types: types)
    }
}

/// The positions of named readers.
struct Consumers: Sendable {
    /// Where a new name begins: whoever has a name wants all there is, and after a restart, which forgets the names,
    /// nothing that came meanwhile is passed over in silence.
    static let beginning = ReadPosition.oldest

    private var positions: [ConsumerName: UInt64] = [:]

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
}

/// Polls in the order of their numbers, which is nearly always that in which they come.
extension [Readers.Poll] {
    fileprivate mutating func insert(_ poll: Readers.Poll) {
        insert(poll, at: (lastIndex { $0.number < poll.number } ?? -1) + 1)
    }

    fileprivate func place(of number: UInt64) -> Int? { firstIndex { $0.number == number } }

    /// Takes one out; nil where it is out already.
    fileprivate mutating func remove(_ number: UInt64) -> Readers.Poll? { place(of: number).map { remove(at: $0) } }

    fileprivate func next(after number: UInt64) -> Readers.Poll? { first { $0.number > number } }
}
