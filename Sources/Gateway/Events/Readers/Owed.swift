import DequeModule
import HTTPFront
import Loops
import MSNPClient
import Synchronization

/// What the sessions of one loop owe to their readers, handed out when the loop's turn ends.
///
/// What one read from a server brought is so told together, and at once. What comes within `GatewayLimits.coalescing` after a
/// hand-out waits for the end of that time, so that a burst which needs several reads is joined too.
///
/// Sendable although it has state: only the loop's thread touches that, and each way to it looks whether it is there.
final class Owed: @unchecked Sendable {
    struct Note: Sendable {
        let owing: any Owing
        /// When it may be handed out.
        let notBefore: MonotonicInstant
    }

    let loop: any SessionLoop
    /// Carries the calls that ask those sessions' servers something.
    let executor: LoopTaskExecutor
    private let residents = Atomic(0)
    private let now: @Sendable () -> MonotonicInstant
    /// What this turn brought.
    private var fresh: [Note] = []
    /// What came too soon after a hand-out, the first to be due first.
    private var waiting: Deque<Note> = []
    /// When the alarm rings that is set.
    private var alarm: MonotonicInstant?
    /// What the loop does at the end of a turn, made once and not for each.
    ///
    /// Weak, as it would keep itself otherwise; those who are noted keep it.
    private var ender: @Sendable () -> Void = {}

    init(on loop: any SessionLoop, now: @escaping @Sendable () -> MonotonicInstant = { .now }) {
        self.loop = loop
        executor = LoopTaskExecutor(loop)
        self.now = now
        ender = { [weak self] in self?.endTurn() }
    }

    /// Sessions that live on the loop, those included that have ended and can still be read.
    var sessions: Int { residents.load(ordering: .relaxed) }

    /// A session begins to live on the loop.
    func moveIn() { residents.wrappingAdd(1, ordering: .relaxed) }

    /// It is gone.
    func moveOut() { residents.wrappingSubtract(1, ordering: .relaxed) }

    /// Somebody has news, and is noted nowhere else; any thread may say so, without any lock.
    func note(_ owing: any Owing, notBefore: MonotonicInstant) {
        let note = Note(owing: owing, notBefore: notBefore)
        guard !loop.isCurrent else { return take(note) }
        if !loop.post({ self.take(note) }) { handOut(note) }
    }

    /// The same of many at once, of which the loop hears in one message; from another thread.
    func note(_ notes: [Note]) {
        let isPosted = loop.post { for note in notes { self.take(note) } }
        if !isPosted { for note in notes { handOut(note) } }
    }

    /// The loops have ended, and nobody else comes by to tell the readers.
    private func handOut(_ note: Note) {
        var deliveries = Deliveries()
        note.owing.handOut(at: now(), to: &deliveries)
        deliveries.deliver()
    }

    /// Hands out what waits, its time or not.
    func settle() async {
        await withCheckedContinuation { continuation in
            let isPosted = loop.post {
                self.fresh += self.waiting
                self.waiting = []
                self.endTurn(isLast: true)
                continuation.resume()
            }
            if !isPosted { continuation.resume() }
        }
    }

    private func take(_ note: Note) {
        precondition(loop.isCurrent, "what is owed belongs to its loop")
        fresh.append(note)
        if fresh.count == 1 { loop.atEndOfTurn(ender) }
    }

    private func endTurn(isLast: Bool = false) {
        precondition(loop.isCurrent, "what is owed belongs to its loop")
        let now = now()
        var deliveries = Deliveries()
        for note in fresh {
            if isLast || note.notBefore <= now { note.owing.handOut(at: now, to: &deliveries) } else { wait(note) }
        }
        fresh.removeAll(keepingCapacity: true)
        while let first = waiting.first, first.notBefore <= now {
            first.owing.handOut(at: now, to: &deliveries)
            waiting.removeFirst()
        }
        setAlarm(now)
        deliveries.deliver()
    }

    /// All wait equally long, so that nearly always the place is the last one.
    private func wait(_ note: Note) {
        let place = waiting.lastIndex { $0.notBefore <= note.notBefore }.map { $0 + 1 } ?? waiting.startIndex
        waiting.insert(note, at: place)
    }

    private func setAlarm(_ now: MonotonicInstant) {
        guard let next = waiting.first?.notBefore, alarm.map({ next < $0 }) ?? true else { return }
        alarm = next
        loop.after(next - now) { self.ring(next) }
    }

    private func ring(_ alarm: MonotonicInstant) {
        // Another may have been set for an earlier time; this one then finds nothing due, or what is.
        if self.alarm == alarm { self.alarm = nil }
        endTurn()
    }
}

/// News of many sessions that one thread brings, gathered so that each of their loops wakes up once.
struct OwedNotes {
    private var notes: [(owed: Owed, notes: [Owed.Note])] = []

    /// Adds one; there are as many loops as processors.
    mutating func add(_ note: Owed.Note, on owed: Owed) {
        if let index = notes.firstIndex(where: { $0.owed === owed }) {
            notes[index].notes.append(note)
        } else {
            notes.append((owed, [note]))
        }
    }

    /// Tells the loops.
    func deliver() { for (owed, notes) in notes { owed.note(notes) } }
}

/// The loops that sessions live on, each with what is owed there.
final class SessionLoops: Sendable {
    /// Sessions that a loop may have beyond those of the emptiest one, and half of these, before it passes new ones on.
    static let slack = 64

    private let all: [Owed]

    convenience init(_ runtime: ClientRuntime) { self.init(runtime.loops.map { Owed(on: $0) }) }

    init(_ all: [Owed]) {
        precondition(!all.isEmpty, "sessions need a loop")
        self.all = all
    }

    /// Where the next session lives, which moves in with this: on the loop that took its sign-in, where what comes for its readers
    /// has the shortest way.
    ///
    /// Somebody who signs thousands in over one connection would have them all on one core. So a loop with far more sessions than
    /// another passes them on.
    func next() -> Owed {
        var emptiest = all[0]
        for owed in all.dropFirst() where owed.sessions < emptiest.sessions { emptiest = owed }
        let most = emptiest.sessions * 3 / 2 + Self.slack
        let here = all.first { $0.loop.isCurrent && $0.sessions < most }
        let place = here ?? emptiest
        place.moveIn()
        return place
    }

    /// Has everything handed out that waits; for when the sessions have ended and the loops are about to.
    func settle() async { for owed in all { await owed.settle() } }
}
