/// Why the server ends a wait itself.
package enum ParkedRelease: Sendable, Hashable {
    /// The time of `Parking.timeout` is over.
    case timedOut
    /// The server is draining.
    case shuttingDown
}
