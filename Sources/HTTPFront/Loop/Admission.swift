import Locking
import Loops

/// Which connections are served: what all loops of a server have open, together, by loop and for each address.
///
/// Its tables have entries only for connections that are open, and so are as bounded as those.
final class Admission: Sendable {
    /// Connections that are kept for probes, of which there are one or two at a time; but no more than a quarter of all.
    ///
    /// Each loop has its share of them, and one at least: only there can whoever holds a place in silence be made to give it
    /// up.
    private static let mostForProbes = 8

    /// What a connection holds as long as it is open.
    struct Ticket: Sendable {
        fileprivate let block: AddressBlock?
        /// Whose it is.
        fileprivate let share: LoopShare
        /// The loop of whose last places it is one, which answer probes alone.
        fileprivate let probesOf: Int?

        /// Whether it is one of the last, which answer probes alone.
        var isForProbes: Bool { probesOf != nil }
    }

    enum Verdict {
        case admitted(Ticket)
        case refused(ConnectionRefusal)
    }

    /// Refusals of one kind.
    private struct Refusals: Sendable {
        var total = 0
        var reported = 0
        var reportsAgain: MonotonicInstant?
    }

    private struct State: Sendable {
        var open = 0
        /// Those of the last places, by loop.
        var forProbes: [Int: Int] = [:]
        var byBlock: [AddressBlock: Int] = [:]
        var refusals: [ConnectionRefusal: Refusals] = [:]
    }

    /// Of all loops, by their index.
    let shares: [LoopShare]
    private let state = Locked(State())
    private let maximum: Int
    private let forProbes: Int
    private let forProbesOfLoop: Int
    private let perAddress: Int

    init(_ configuration: HTTPConfiguration, _ shares: [LoopShare]) {
        self.shares = shares
        maximum = configuration.maximumConnections
        forProbes = min(Self.mostForProbes, maximum / 4)
        forProbesOfLoop = forProbes > 0 ? max(1, forProbes / configuration.loops) : 0
        // Where there are few connections in all, one address has no more than half of them.
        perAddress = min(configuration.connectionsPerAddress, max(1, (maximum - forProbes) / 2))
    }

    /// Takes a connection of a loop in; `isExempt` is asked only where its address has as many as it may have.
    func admit(_ block: AddressBlock?, loop: Int, isExempt: () -> Bool) -> Verdict {
        let isFull = state.withLock { state in
            guard perAddress > 0, let block else { return false }
            return state.byBlock[block, default: 0] >= perAddress
        }
        // Outside of the lock: it is the operator's list, of any length.
        if isFull, !isExempt() { return .refused(.address) }
        return state.withLock { state in
            let isLast = state.open >= maximum - forProbes
            guard !isLast || state.forProbes[loop, default: 0] < forProbesOfLoop else { return .refused(.connections) }
            let ticket = Ticket(block: block, share: shares[loop], probesOf: isLast ? loop : nil)
            shares[loop].joined()
            if isLast { state.forProbes[loop, default: 0] += 1 } else { state.open += 1 }
            if let block { state.byBlock[block, default: 0] += 1 }
            return .admitted(ticket)
        }
    }

    /// A connection is closed.
    func leave(_ ticket: Ticket) {
        ticket.share.left()
        state.withLock { state in
            if let loop = ticket.probesOf { state.forProbes[loop, default: 1] -= 1 } else { state.open -= 1 }
            guard let block = ticket.block, let count = state.byBlock[block] else { return }
            state.byBlock[block] = count > 1 ? count - 1 : nil
        }
    }

    /// Counts a refusal; returns how many are to be reported, mostly none.
    func note(_ refusal: ConnectionRefusal, at now: MonotonicInstant) -> Int? {
        state.withLock { state in
            var refusals = state.refusals[refusal] ?? Refusals()
            defer { state.refusals[refusal] = refusals }
            refusals.total += 1
            if let time = refusals.reportsAgain, now < time { return nil }
            defer { refusals.reported = refusals.total }
            refusals.reportsAgain = now + HTTPConfiguration.refusalReportInterval
            return refusals.total - refusals.reported
        }
    }

    /// Connections refused since the start.
    var refused: [ConnectionRefusal: Int] { state.withLock { $0.refusals.mapValues(\.total) } }
}
