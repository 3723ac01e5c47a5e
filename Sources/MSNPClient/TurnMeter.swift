import Locking
import Loops
import Synchronization

/// What the turn of a loop has done so far for its sessions.
struct TurnMeter {
    /// What the sessions' sockets and the backlog have taken.
    private(set) var spent = Duration.zero
    private var since: MonotonicInstant?
    /// What the sockets had taken of it when the backlog's turn began; nil where that had none.
    private var reading: Duration?
    private var reads = 0
    private var commands = 0

    /// The sessions' time begins, or goes on.
    mutating func resume(at now: MonotonicInstant) { since = now }

    /// It is somebody else's time.
    mutating func pause(at now: MonotonicInstant) {
        if let since { spent += now - since }
        since = nil
    }

    /// The sockets have been read; what follows is the backlog's.
    mutating func endReading() { reading = spent }

    /// A socket has brought something.
    mutating func read() { reads += 1 }

    /// Servers have said commands.
    mutating func heard(_ count: Int) { commands += count }

    /// What there is to say of a turn that took `whole`, with so many bodies, jobs and timers in it.
    func turn(of whole: Duration, tasks: Int) -> ClientRuntime.LongTurn {
        ClientRuntime.LongTurn(
            duration: whole, reading: reading ?? spent, reads: reads, commands: commands, tasks: tasks)
    }
}

/// Counts the turns of a runtime's loops that take long: whoever has something on the loop waits for all of them.
final class TurnWatch: Sendable {
    /// Beyond it a turn is long.
    let limit: Duration
    private let longTurns = Atomic<Int>(0)
    private let observer = Locked<(@Sendable (ClientRuntime.LongTurn) -> Void)?>(nil)

    init(limit: Duration) { self.limit = limit }

    var count: Int { longTurns.load(ordering: .relaxed) }

    /// Has somebody told of each long turn, on the loop that it was on.
    func observe(_ observer: @escaping @Sendable (ClientRuntime.LongTurn) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    func note(_ turn: ClientRuntime.LongTurn) {
        longTurns.wrappingAdd(1, ordering: .relaxed)
        observer.withLock { $0 }?(turn)
    }
}
