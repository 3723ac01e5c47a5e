/// Who lives on an `EventLoop`: it has descriptors there, and a part of each turn.
///
/// Guests know nothing of each other. All calls come on the loop's thread. A turn begins with what has happened at all
/// descriptors, goes on with what the loop was given and what is due, and ends with the turns of the guests, in the order
/// in which they joined.
package protocol LoopGuest: AnyObject {
    /// A turn begins.
    func turnBegan()
    /// The guest's time begins, or goes on, in this turn; the loop calls nothing else of it but between this and `pause`.
    ///
    /// - Parameter now: by what lengths of turns are measured by.
    func resume(at now: MonotonicInstant)
    /// The time that follows is somebody else's.
    func pause(at now: MonotonicInstant)
    /// Something has happened at a descriptor that it has the loop watch.
    func happened(_ tag: UInt64)
    /// Whether its turn has anything to do.
    var hasTurn: Bool { get }
    /// Its turn, once in each of the loop's in which there is something to do.
    func takeTurn()
    /// Whether the loop is to look at its sockets without waiting, and to come back.
    var isBusy: Bool { get }
    /// When its turn is to come though nothing has happened; nil for never.
    func nextDeadline() -> MonotonicInstant?
    /// What it has taken of this turn.
    var spent: Duration { get }
    /// The turn is over and took `whole` in all; called only where that is longer than `longTurn`, for the guest that took
    /// most of it.
    func turnWasLong(_ whole: Duration)
    /// What a turn may take before it counts as long.
    var longTurn: Duration { get }
    /// Whether it leaves; `loopEnds` when the loop has been told to end, which it does once all guests have left.
    func isFinished(loopEnds: Bool) -> Bool
    /// It has left: the last call.
    func leave()
}
