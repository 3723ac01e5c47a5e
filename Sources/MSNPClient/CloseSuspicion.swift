import NIOCore

/// The closes of connections that followed a command, and whether they show that the backend punishes it.
///
/// One may be chance, and those of a restart show nothing: a server that goes down while it works on a command looks the
/// same. So it takes two, each of one session alone.
struct CloseSuspicion: Sendable {
    /// Two closes no further apart count together, and hold for as long: a server that is mended is soon asked again, and
    /// sessions that ask again and again are not thrown out again and again.
    static let lasting = TimeAmount.hours(24)
    /// Closes remembered: those of a day in which several sessions ran into it before it was held against the backend.
    private static let most = 8

    private struct Close: Sendable {
        let time: NIODeadline
        /// The losses that it was one of; nil where nobody knows of others.
        let wave: LossWave?
    }

    /// The oldest first.
    private var closes: [Close] = []

    mutating func note(at now: NIODeadline, in wave: LossWave?) {
        closes.removeAll { $0.time + Self.lasting <= now || $0.wave?.isShared == true }
        if closes.count == Self.most { closes.removeFirst() }
        closes.append(Close(time: now, wave: wave))
    }

    /// Until when the command is held against the backend; nil when it is not.
    func heldUntil(at now: NIODeadline) -> NIODeadline? {
        let alone = closes.filter { $0.wave?.isShared != true }
        guard let last = alone.last, let before = alone.dropLast().last, last.time < before.time + Self.lasting,
            now < last.time + Self.lasting
        else { return nil }
        return last.time + Self.lasting
    }
}
