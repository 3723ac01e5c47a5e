/// Something that will run later unless it is cancelled.
package struct ScheduledWork: Sendable {
    private let end: @Sendable () -> Void

    /// `end` keeps it from running, if it has not begun.
    package init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    /// Keeps it from running if it has not begun.
    package func cancel() { end() }
}
