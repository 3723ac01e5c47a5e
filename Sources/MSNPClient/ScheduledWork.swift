import NIOCore

/// Something that will run later unless it is cancelled.
package struct ScheduledWork: Sendable {
    private let scheduled: Scheduled<Void>

    init(_ scheduled: Scheduled<Void>) {
        self.scheduled = scheduled
    }

    /// Keeps it from running if it has not begun.
    package func cancel() { scheduled.cancel() }
}
