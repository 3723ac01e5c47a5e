import Locking
import Loops
import TestSupport

/// A guest that does as a test says, and tells what it is called for.
final class TestGuest: LoopGuest, @unchecked Sendable {
    let calls = Recorder<String>()
    let longTurns = Recorder<Duration>()
    /// What its turn does; set before it joins.
    var turn: @Sendable () -> Void = {}
    /// What it does of a descriptor's event.
    var event: @Sendable (UInt64) -> Void = { _ in }
    /// What it says that it has taken of a turn.
    var taken: @Sendable () -> Duration = { .zero }
    let longTurn: Duration
    private let staying = Locked(false)

    init(longTurn: Duration = .seconds(3_600)) { self.longTurn = longTurn }

    /// Whether it has something to finish before it leaves.
    var stays: Bool {
        get { staying.withLock { $0 } }
        set { staying.withLock { $0 = newValue } }
    }

    var spent: Duration { taken() }
    var isBusy: Bool { false }
    func turnBegan() {}
    func resume(at now: MonotonicInstant) { calls.record("resume") }
    func pause(at now: MonotonicInstant) { calls.record("pause") }
    func happened(_ tag: UInt64) {
        calls.record("happened \(tag)")
        event(tag)
    }
    var hasTurn: Bool { true }
    func takeTurn() {
        calls.record("turn")
        turn()
    }
    func nextDeadline() -> MonotonicInstant? { nil }
    func turnWasLong(_ whole: Duration) { longTurns.record(whole) }
    func isFinished(loopEnds: Bool) -> Bool { loopEnds && !stays }
    func leave() { calls.record("leave") }
}
