/// How much of a session's past is kept; whichever limit comes first drops the oldest events.
///
/// 0 switches a limit off.
package struct JournalLimits: Sendable, Equatable {
    /// A busy contact list changes a few times a minute: hours of it.
    package var events = 4_096
    /// What 9,000 sessions can have on average in the 256 MiB for all, many times over for a single one.
    package var bytes = 1 << 20
    /// Seconds: a reader that was away for longer reads the state anew anyway.
    package var age = 24 * 60 * 60

    package init() {}

    /// What memory holds of a journal that a store has, whatever the store keeps.
    ///
    /// That is what a reader that keeps up reads: as much as a few reads of a server bring. Of 9,000 sessions it is at most
    /// 144 MiB, but for a last event that is larger.
    static let tail = (events: 64, bytes: 16 << 10)

    /// The same for a journal of which memory holds the tail alone.
    var ofTail: JournalLimits {
        var limits = self
        limits.events = events > 0 ? min(events, Self.tail.events) : Self.tail.events
        limits.bytes = bytes > 0 ? min(bytes, Self.tail.bytes) : Self.tail.bytes
        return limits
    }
}
