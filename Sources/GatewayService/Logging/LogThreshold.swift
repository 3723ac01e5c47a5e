package import Logging
import Synchronization

/// The level below which nothing is written, which can change while the process runs.
package final class LogThreshold: Sendable {
    /// The place in `Logger.Level.allCases`, which is their order; relaxed, as nothing else is read on the strength of it.
    private let place: Atomic<Int>

    package init(_ level: Logger.Level) {
        place = Atomic(Self.place(of: level))
    }

    /// The lowest level that is written.
    package var level: Logger.Level {
        get { Logger.Level.allCases[place.load(ordering: .relaxed)] }
        set { place.store(Self.place(of: newValue), ordering: .relaxed) }
    }

    private static func place(of level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }
}
