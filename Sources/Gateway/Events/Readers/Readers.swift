import HTTPFront
import Locking
import Loops

/// Who reads a source of events: the polls that wait, the streams that are open, and the positions of those with a name.
///
/// One lock guards it, which is never held while the source is read. So a change and a reader can cross, and nobody is
/// forgotten: who changes writes the event first and looks for readers then; who wants to wait is put down first and reads
/// once more then.
final class Readers: Sendable {
    /// What a poll asks for; small, as thousands wait.
    struct Wish: Sendable {
        let filter: TypeFilter
        private let most: UInt16
        /// Whether it waits where there is nothing; else it is parked for the store alone.
        let waits: Bool
        /// What it has committed is not written yet, and nothing may be told before.
        var isUnwritten: Bool
        /// Whether it asked for the oldest event that there is, and has not come to the last one yet.
        var isOldest: Bool

        var limit: Int { Int(most) }

        init(_ query: ReadQuery, isUnwritten: Bool, isOldest: Bool) {
            self.isOldest = isOldest
            filter = query.filter
            most = UInt16(clamping: query.limit)
            waits = query.wait > 0
            self.isUnwritten = isUnwritten
        }
    }

    /// A poll that found nothing and waits.
    struct Poll: Sendable {
        let number: UInt64
        let request: ParkedRequest
        var wish: Wish
        /// The store reads for it, or writes what it has committed: it looks for itself when that is done.
        var isAtStore: Bool
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
        let wish: Wish
        /// Up to where was examined before it waited.
        let position: UInt64

        init(
            _ number: UInt64, _ wish: Wish, after position: UInt64, of source: any EventSource, _ readers: Readers
        ) {
            self.readers = readers
            self.source = source
            self.number = number
            self.wish = wish
            self.position = position
        }

        /// - Parameter unwritten: what has to be written before it is told anything.
        func begin(_ request: ParkedRequest, _ unwritten: Beginning? = nil) {
            readers.park(
                Poll(
                    number: number, request: request, wish: wish, isAtStore: unwritten != nil, position: position),
                unwritten, of: source)
        }

        func release() -> Result<Response, any Error> {
            source.noteUse()
            let poll = readers.state.withLock { $0.polls.remove(number) }
            let wish = poll?.wish ?? wish
            guard !wish.isUnwritten else { return .failure(AnswerHold.unavailable) }
            var place = poll?.position ?? position
            while true {
                let reading = source.read(after: place, wish.filter, limit: wish.limit, bytes: .max)
                guard wish.isOldest, case .gap = reading, let oldest = source.oldest(insteadOf: place) else {
                    return Readers.response(reading, of: source).mapError { $0 as any Error }
                }
                place = oldest
            }
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
        /// Who is told that something has come, and reads when it likes; nil where nobody is.
        var watcher: (@Sendable () -> Void)?
        /// Polls and streams so far, which are numbered.
        var made: UInt64 = 0
        var consumers = Consumers()
        /// Called under the lock with each position that a name commits; nil where nothing outlives the process.
        var keep: (@Sendable (ConsumerName, UInt64) -> Void)?
        /// Noted in what a loop owes.
        var isOwing = false
        /// What comes before is gathered.
        var quietUntil = MonotonicInstant.now
        /// Nobody may read any more.
        var isClosed = false
    }

    let state = Locked(State())

    /// How many polls wait.
    var polls: Int { state.withLock { $0.polls.count } }

    /// How many streams are open.
    var streams: Int { state.withLock { $0.streams.count } }

    /// Whether nobody waits or streams.
    var isEmpty: Bool { state.withLock { $0.polls.isEmpty && $0.streams.isEmpty } }

    /// From now on somebody is told, on a loop, whenever something has come; nil for nobody any more.
    ///
    /// `body` is short and comes back for nothing: it notes that there is something to read.
    func watch(_ body: (@Sendable () -> Void)?) { state.withLock { $0.watcher = body } }

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
    private func take(_ news: News?) -> MonotonicInstant? {
        state.withLock { state in
            let isWanted = state.passOn(news)
            guard !state.isOwing, isWanted || !state.streams.isEmpty || state.watcher != nil else { return nil }
            state.isOwing = true
            return state.quietUntil
        }
    }

    /// Answers the polls for which something has come, moves the others on, and wakes the streams.
    func handOut(of source: some EventSource, at now: MonotonicInstant, to deliveries: inout Deliveries) {
        var (next, last, watcher) = state.withLock { state in
            // Whatever comes from now on is noted anew, as polls stay where they are while this one reads.
            state.isOwing = false
            state.quietUntil = now + GatewayLimits.coalescing
            for signal in state.streams.values { deliveries.wake(signal) }
            return (state.polls.next(after: 0), state.polls.last?.number ?? 0, state.watcher)
        }
        watcher?()
        // One after the other, and none of those that come meanwhile: they look for themselves.
        while let poll = next, poll.number <= last {
            if let answer = takeAnswer(poll, of: source) { deliveries.answer(poll.request, with: answer) }
            // Mostly it was the only one.
            next = poll.number == last ? nil : state.withLock { $0.polls.next(after: poll.number) }
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
        var beginning = try begin(query, of: source)
        if beginning.unwritten == nil {
            var reading = source.read(after: beginning.position, query.filter, limit: query.limit, bytes: .max)
            while beginning.isOldest, case .gap = reading,
                let oldest = source.oldest(insteadOf: beginning.position)
            {
                beginning.position = oldest
                reading = source.read(after: oldest, query.filter, limit: query.limit, bytes: .max)
            }
            switch reading {
            case .partly: break
            case .events(_, let position, _, _) where reading.isNothing && query.wait > 0:
                // What goes from here on has come while it waited, and is missed.
                (beginning.position, beginning.isOldest) = (position, false)
            case .events, .gap: return .now(try Self.response(reading, of: source).get())
            }
        }
        let number = try state.withLock { state throws(Problem) in
            guard state.polls.count < source.mostPolls else {
                throw Problem(.rateLimited, "\(source.mostPolls) polls wait for \(source.title) already.")
                    .retrying(after: 1)
                    .exceeding(.concurrent(.polls, used: state.polls.count, of: source.mostPolls))
            }
            return state.number()
        }
        let unwritten = beginning.unwritten == nil ? nil : beginning
        let wish = Wish(query, isUnwritten: unwritten != nil, isOldest: beginning.isOldest)
        let wait = Wait(number, wish, after: beginning.position, of: source, self)
        let began: @Sendable (ParkedRequest) -> Void
        if let unwritten { began = { wait.begin($0, unwritten) } } else { began = { wait.begin($0) } }
        return .park(
            ParkedRequest(
                timeout: query.wait > 0 ? .seconds(query.wait) : Self.storeTimeout, began: began,
                released: { _ in wait.release() }, abandoned: { wait.abandon() }))
    }

    private func park(_ poll: Poll, _ unwritten: Beginning?, of source: some EventSource) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.polls.insert(poll) }
            return state.isClosed
        }
        source.noteWaiting()
        guard !isClosed else {
            poll.request.answer(Authorizer.unauthorized)
            return
        }
        if let unwritten { return awaitWriting(of: poll, unwritten, of: source) }
        // Events may have come between the look and the parking.
        if let answer = takeAnswer(poll, of: source) { poll.request.answer(answer) }
    }

    /// What a poll is answered, which is out then; one for which nothing has come moves on, and for one whose events memory
    /// no longer holds the store is asked.
    func takeAnswer(_ poll: Poll, of source: some EventSource) -> Result<Response, any Error>? {
        var poll = poll
        while true {
            let reading = source.read(after: poll.position, poll.wish.filter, limit: poll.wish.limit, bytes: .max)
            if case .partly = reading {
                fetch(for: poll, of: source)
                return nil
            }
            guard let anew = beginAnew(poll, reading, of: source) else {
                return takeAnswer(reading, to: poll, of: source)
            }
            poll = anew
        }
    }

    /// The same of what was read for it.
    func takeAnswer(
        _ reading: Reading, to poll: Poll, of source: some EventSource
    ) -> Result<Response, any Error>? {
        guard case .events(_, let next, _, _) = reading, reading.isNothing, poll.wish.waits else {
            // Whoever takes it out answers it.
            guard state.withLock({ $0.polls.remove(poll.number) }) != nil else { return nil }
            source.noteUse()
            return Self.response(reading, of: source).mapError { $0 as any Error }
        }
        guard next > poll.position || poll.wish.isOldest else { return nil }
        move(poll, to: next, isOldest: false)
        return nil
    }

    private static func response(_ reading: Reading, of source: some EventSource) -> Result<Response, Problem> {
        switch reading {
        case .events(let items, let next, let more, let ended):
            .success(
                .json(
                    JournalPage.encoded(items, next: source.cursor(next), more: more, ended: ended)))
        case .partly(let items, let next):
            // Whoever can't wait for the store reads the rest with the next call.
            .success(.json(JournalPage.encoded(items, next: source.cursor(next), more: true, ended: false)))
        case .gap(let missed, let oldest):
            .failure(source.expired(missed: missed, oldest: oldest, "The events after the cursor are no longer kept."))
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
        for index in polls.indices where !polls[index].isAtStore {
            if polls[index].position == news.numbers.before, !polls[index].wish.filter.matches(anyOf: news.types) {
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

/// Polls in the order of their numbers, which is nearly always that in which they come.
extension [Readers.Poll] {
    mutating func insert(_ poll: Readers.Poll) {
        insert(poll, at: (lastIndex { $0.number < poll.number } ?? -1) + 1)
    }

    func place(of number: UInt64) -> Int? { firstIndex { $0.number == number } }

    /// Takes one out; nil where it is out already.
    mutating func remove(_ number: UInt64) -> Readers.Poll? { place(of: number).map { remove(at: $0) } }

    /// Of those that don't wait for the store.
    fileprivate func next(after number: UInt64) -> Readers.Poll? { first { $0.number > number && !$0.isAtStore } }
}
