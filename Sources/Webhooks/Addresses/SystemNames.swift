import Locking
import Loops

/// The system's resolver, on threads of its own.
///
/// They are not those on which backends' names are looked up. Names that were found promptly have some for themselves, and so
/// have those that took long, and those of which nothing is known: a name whose server doesn't answer keeps a thread for half
/// a minute, and anybody can make up any number of them.
package final class SystemNames: Sendable {
    /// Addresses of one name that are looked at.
    private static let mostAddresses = 64
    /// Threads at one time, for names that nobody had to wait for, for those that took long, and for all others.
    static let threads = (quick: 4, slow: 2, new: 4)
    /// A look-up that took longer was slow: servers that are there answer in a fraction.
    static let patience: Duration = .seconds(2)
    /// Names of which it is known how soon they are found; beyond, any of them is new again.
    private static let mostKnown = 4_096

    private enum Lane {
        case quick
        case slow
    }

    private let quick = SharedLookUps(most: SystemNames.threads.quick)
    private let slow = SharedLookUps(most: SystemNames.threads.slow)
    private let new = SharedLookUps(most: SystemNames.threads.new)
    private let known = Locked<[String: Lane]>([:])
    private let lookUp: @Sendable (String) -> [[UInt8]]
    private let uptime: @Sendable () -> Duration

    package convenience init() {
        self.init(
            lookUp: { LookUps.lookUp($0, port: 0, atMost: Self.mostAddresses).map(\.address) },
            uptime: { .nanoseconds(MonotonicTime.nanoseconds) })
    }

    /// - Parameters:
    ///   - lookUp: has its caller wait for a name's addresses.
    ///   - uptime: time that never jumps.
    init(lookUp: @escaping @Sendable (String) -> [[UInt8]], uptime: @escaping @Sendable () -> Duration) {
        self.lookUp = lookUp
        self.uptime = uptime
    }
}

extension SystemNames: NameResolving {
    package func addresses(of host: String, for key: String) async -> [[UInt8]] {
        let threads =
            switch known.withLock({ $0[host] }) {
            case .quick: quick
            case .slow: slow
            case nil: new
            }
        let (lookUp, uptime) = (lookUp, uptime)
        let (found, time) = await threads.run(for: key) {
            let start = uptime()
            let found = lookUp(host)
            return (found, uptime() - start)
        }
        known.withLock { known in
            if known[host] == nil, known.count >= Self.mostKnown, let any = known.keys.first { known[any] = nil }
            known[host] = time < Self.patience && !found.isEmpty ? .quick : .slow
        }
        return found
    }
}
