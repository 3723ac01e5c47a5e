import Loops

/// Finds out which commands make a backend hang up.
///
/// It records the closes that followed a command. Two closes within a day count, if each was of one session alone: one may be
/// chance, and a server that is restarted while it works on a command looks the same.
struct UnsupportedCommandDetector: Sendable {
    /// Two closes no further apart count together, and the command is then not sent for as long: so a server that is mended
    /// is soon asked again, and sessions that ask again and again are not thrown out again and again.
    static let memory = Duration.seconds(24 * 60 * 60)
    /// Closes that are kept for each command: those of a day in which several sessions ran into it before it was withheld.
    private static let longestRecord = 8

    private struct Close: Sendable {
        let time: MonotonicInstant
        /// The losses that it was one of; nil where nobody knows of others.
        let wave: LossWave?
    }

    /// By command, the oldest first.
    private var closes: [String: [Close]] = [:]

    /// Whether no close is on record.
    var isEmpty: Bool { closes.isEmpty }

    /// Records that a server closed on a command.
    mutating func recordClose(on command: String, at now: MonotonicInstant, in wave: LossWave?) {
        var record = closes[command] ?? []
        record.removeAll { $0.time + Self.memory <= now || $0.wave?.isShared == true }
        if record.count == Self.longestRecord { record.removeFirst() }
        record.append(Close(time: now, wave: wave))
        closes[command] = record
    }

    /// Records that a server answered a command, so that the closes before had other causes.
    mutating func recordAnswer(to command: String) { closes[command] = nil }

    /// The commands that the backend does not support, and until when this holds.
    func unsupported(at now: MonotonicInstant) -> [String: MonotonicInstant] {
        closes.compactMapValues { Self.end($0, at: now) }
    }

    private static func end(_ closes: [Close], at now: MonotonicInstant) -> MonotonicInstant? {
        let alone = closes.filter { $0.wave?.isShared != true }
        guard let last = alone.last, let before = alone.dropLast().last, last.time < before.time + memory,
            now < last.time + memory
        else { return nil }
        return last.time + memory
    }
}
