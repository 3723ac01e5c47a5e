import CLinux
import CMicroHTTPD
import DequeModule
import Loops

/// A server's part of an event loop: accepts connections, runs its share of daemons, and ends waits.
///
/// One thread makes it; `join` hands it over, and from then on all of it is the event loop's thread's alone. Other threads
/// have the mailbox.
final class Loop {
    /// How often daemons with connections that are not suspended are asked to look for idle ones.
    static let sweepInterval = Duration.seconds(1)
    /// Daemons that run in a turn; the others have theirs after a look at what has happened meanwhile.
    ///
    /// With thousands of answers at a time each daemon has hundreds to send, which takes some milliseconds.
    private static let daemonsAtATime = 8

    let handler: any RequestHandler
    let configuration: HTTPConfiguration
    let counters: Counters
    let listeners: [HTTPListener]
    let admission: Admission
    let refusalResponses: RefusalResponses
    let eventLoop: EventLoop
    var daemons: [Daemon] = []

    /// Set once for each turn.
    var now = MonotonicInstant.now
    var parked: [UInt64: ParkedRequest] = [:]
    var streams: [UInt64: OutgoingStream] = [:]
    var lingering: [UInt64: LingeringSocket] = [:]
    /// For all of them; `Tag` tells which.
    var deadlines = DeadlineQueue()
    var nextNumber: UInt64 = 0
    /// Connections that are open, by their number.
    var open: [UInt64: Connection] = [:]
    /// Those of them that have one of the places that are kept for probes: a handful.
    var probing: [UInt64: Connection] = [:]
    /// Those whose clients have left, until what they wait for is ended; nothing is left to be read then.
    var peersClosed: [UInt64] = []
    /// How long the parts of this turn take.
    var turn: TurnWatch
    /// The daemon that gets the next connection.
    var nextDaemon = 0
    /// When to accept again after the descriptors had run out.
    var acceptsAgain: MonotonicInstant?
    /// Listening sockets that are left alone until then, by their place.
    var resting: [Int] = []
    /// For a connection that comes when there are no descriptors.
    var spare = Loop.makeSpare()
    /// Requests whose head is there and whose answer isn't sent.
    var active = 0
    var isDraining = false

    /// Its place among the server's loops.
    let index: Int
    /// Its place at the event loop.
    private let place: EventLoop.Place
    private let ending: CountdownLatch

    private var nextSweep: MonotonicInstant
    private var ends: MonotonicInstant?
    /// Daemons to run before the next wait, each once.
    private var ready: Deque<Int> = []
    private var isReady: [Bool]
    private var messages: [LoopMailbox.Message] = []

    /// - Parameter ending: is told when it is gone: it has left its event loop, and the listening sockets with it.
    init(
        _ configuration: HTTPConfiguration, _ handler: any RequestHandler, _ counters: Counters,
        _ listeners: [HTTPListener], _ admission: Admission, _ refusalResponses: RefusalResponses, index: Int,
        on eventLoop: EventLoop, _ ending: CountdownLatch
    ) throws(HTTPServerError) {
        self.index = index
        self.configuration = configuration
        self.admission = admission
        self.refusalResponses = refusalResponses
        self.handler = handler
        self.counters = counters
        self.listeners = listeners
        self.eventLoop = eventLoop
        self.ending = ending
        place = eventLoop.reserve()
        turn = TurnWatch(time: configuration.turnTime)
        nextSweep = now + Self.sweepInterval
        isReady = [Bool](repeating: false, count: configuration.daemonsPerLoop)
        for index in 0..<configuration.daemonsPerLoop {
            daemons.append(try Daemon(index, of: self, configuration))
        }
        do {
            for daemon in daemons {
                try eventLoop.watch(daemon.descriptor, for: gw_readable, tag: Tag.daemon(daemon.index), of: place)
            }
            for (index, listener) in listeners.enumerated() {
                try eventLoop.watch(
                    listener.descriptor.number, for: gw_readable_exclusively, tag: Tag.listener(index), of: place)
            }
        } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    deinit { ending.countDown() }

    /// Its own of the shares.
    var share: LoopShare { admission.shares[index] }
    var mailbox: LoopMailbox { share.mailbox }

    /// Hands a loop over to its event loop's thread; the caller must not touch it again.
    static func join(_ loop: Loop) {
        let (eventLoop, place) = (loop.eventLoop, loop.place)
        // False only for one that has ended, and then nobody holds the loop any more.
        _ = eventLoop.join(loop, at: place)
    }

    /// Has the event loop watch a descriptor; false where the system has no room for that.
    func watch(_ descriptor: Int32, for interest: UInt32, tag: UInt64) -> Bool {
        (try? eventLoop.watch(descriptor, for: interest, tag: tag, of: place)) != nil
    }

    /// Lets a daemon run in this turn.
    func wake(_ daemon: Int) {
        guard !isReady[daemon] else { return }
        isReady[daemon] = true
        ready.append(daemon)
    }

    /// Whether a daemon is about to run.
    func isReady(_ daemon: Int) -> Bool { isReady[daemon] }

    /// Whether there was any.
    private func takeMessages() -> Bool {
        mailbox.take(into: &messages)
        guard !messages.isEmpty else { return false }
        for message in messages {
            switch message {
            case .delivery(let delivery): take(delivery)
            case .deliveries(let deliveries):
                for delivery in deliveries { take(delivery) }
            case .arrival(let arrival): take(arrival)
            case .stop(let end):
                drain()
                stopAccepting()
                ends = end
            }
        }
        messages.removeAll(keepingCapacity: true)
        return true
    }

    private func take(_ delivery: Deliveries.Item) {
        switch delivery {
        case .response(let request, let response): resume(request, with: .answerable(response))
        case .wake(let signal): wakeStream(signal.id)
        }
    }

    private func sweep() {
        guard now >= nextSweep else { return }
        nextSweep = now + Self.sweepInterval
        endOverdue()
        // The library counts no time of those that are suspended, and its daemons with no others are left alone: they are
        // nearly all of them where everybody waits for events.
        for connection in open.values where !connection.isSuspended { wake(connection.daemon) }
    }

    private func runReady() {
        // A search takes milliseconds: with more than one in a turn, the sweep, which wakes all, would make a long turn.
        var hasSearched = false
        // Those that are woken meanwhile have their turn in the next one.
        for _ in 0..<min(ready.count, Self.daemonsAtATime) {
            let index = ready.removeFirst()
            isReady[index] = false
            let daemon = daemons[index]
            switch daemon.run() {
            case .idle: break
            case .busy: wake(index)
            // Not woken: until something happens at one of its sockets, or the next sweep, it would only get nowhere again.
            case .stuck where !mayExamine(daemon): break
            case .stuck where hasSearched: wake(index)
            case .stuck:
                hasSearched = true
                endStuck(in: daemon)
            }
        }
    }
}

extension Loop: LoopGuest {
    var longTurn: Duration { LongTurn.limit }
    var spent: Duration { turn.spent }

    func turnBegan() {
        now = eventLoop.now
        turn.begin()
    }

    func resume(at now: MonotonicInstant) { turn.resume(at: now) }
    func pause(at now: MonotonicInstant) { turn.pause(at: now) }

    func happened(_ tag: UInt64) {
        switch tag {
        case Tag.firstListener..<Tag.firstDaemon:
            turn.enter(.accepting)
            accept(at: Int(tag - Tag.firstListener))
            turn.enter(.events)
        case Tag.firstConnection..<Tag.firstPark: notePeerClosed(tag)
        case Tag.firstLinger...: linger(tag)
        default: wake(Int(tag - Tag.firstDaemon))
        }
    }

    var hasTurn: Bool { true }

    func takeTurn() {
        // It has just been resumed.
        turn.enter(.mailbox, after: false)
        let hasHeard = takeMessages()
        turn.enter(.deadlines, after: hasHeard)
        let hasEnded = expire() || acceptsAgain != nil || now >= nextSweep
        acceptAgain()
        sweep()
        turn.enter(.library, after: hasEnded)
        runReady()
        guard !peersClosed.isEmpty else { return }
        turn.enter(.closing)
        endClosedByPeer()
    }

    func turnWasLong(_ whole: Duration) {
        counters.turnWasLong()
        handler.noteLongTurn(turn.end(whole))
    }

    var isBusy: Bool { !ready.isEmpty || mailbox.hasOwn }

    func nextDeadline() -> MonotonicInstant? {
        Self.earlier(
            Self.earlier(deadlines.next(isLive), open.isEmpty ? nil : nextSweep), Self.earlier(acceptsAgain, ends))
    }

    private static func earlier(
        _ one: MonotonicInstant?, _ other: MonotonicInstant?
    ) -> MonotonicInstant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// When it was told to stop, and all is answered or the time for that is over; whether the event loop ends is its server's
    /// business.
    func isFinished(loopEnds: Bool) -> Bool {
        guard let ends else { return false }
        return now >= ends || active == 0 && parked.isEmpty && lingering.isEmpty && ready.isEmpty
    }

    func leave() {
        stopAccepting()
        drain()
        abandonRest()
        // What was resumed leaves the library's list of suspended connections when its daemon runs; one that is still
        // there when a daemon stops ends the process.
        for daemon in daemons { _ = daemon.run() }
        for daemon in daemons {
            eventLoop.unwatch(daemon.descriptor)
            daemon.stop()
        }
        lingering = [:]
        mailbox.close()
    }
}
