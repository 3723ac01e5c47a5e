/// Limits of the pauses between commands, for servers that take one for each `recv`.
package enum PacingLimits {
    /// From a command to the next, where no answer comes sooner.
    ///
    /// A server that reads at all has read one by then, and a person does not notice; nothing else waits for it, so that ten
    /// commands a second reach a server that answers none.
    package static let pause: Duration = .milliseconds(100)

    /// Commands that may wait on one connection: more than all requests together, each of which has a limit of its own.
    package static let waiting = 512
}
