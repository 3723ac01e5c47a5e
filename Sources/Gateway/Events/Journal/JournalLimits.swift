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
}
