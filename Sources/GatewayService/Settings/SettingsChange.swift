/// What differs between two sets of settings, by key and in the order of the keys.
package struct SettingsChange: Equatable, Sendable {
    /// What counts from now on.
    package let applied: [String]
    /// What can't change while the gateway runs, and differs from what it was started with.
    package let awaitingRestart: [String]

    /// - Parameters:
    ///   - started: with which the process was started.
    ///   - before: what counted last.
    ///   - now: what was read.
    init(started: [Setting: [String]], before: [Setting: [String]], now: [Setting: [String]]) {
        func keys(_ old: [Setting: [String]], _ isWanted: (Setting) -> Bool) -> [String] {
            Set(old.keys).union(now.keys).filter { isWanted($0) && old[$0] != now[$0] }.map(\.key).sorted()
        }
        applied = keys(before, \.isChangeable)
        awaitingRestart = keys(started) { !$0.isChangeable }
    }
}
