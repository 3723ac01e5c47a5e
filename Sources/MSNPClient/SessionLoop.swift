/// The loop that a session lives on, as everybody above its sockets sees it: one thread, whose work comes in turns.
///
/// What is behind it is `ClientRuntime`'s to choose. Nobody else knows which kind of loop that is.
package protocol SessionLoop: AnyObject, Sendable {
    /// Whether the caller is on the loop's thread.
    var isCurrent: Bool { get }

    /// Runs a body on the loop, soon; any thread may ask.
    ///
    /// False once the loops are ending: then the body never runs.
    func post(_ body: @escaping @Sendable () -> Void) -> Bool

    /// Runs a body when everything is done that this turn of the loop began with: all that its sockets had to say.
    ///
    /// For callers on the loop's thread.
    func atEndOfTurn(_ body: @escaping @Sendable () -> Void)

    /// Runs a short body on the loop after a delay; any thread may ask.
    ///
    /// It never runs once the loops have ended.
    @discardableResult
    func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> ScheduledWork
}
