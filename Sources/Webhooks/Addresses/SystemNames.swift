import Locking
import Loops

/// The system's resolver, on threads of its own.
///
/// They are not those on which backends' names are looked up, and names that took long have some for themselves: names whose
/// servers don't answer keep a thread for half a minute each, and hold up nobody but each other.
package final class SystemNames: Sendable {
    /// Addresses of one name that are looked at.
    private static let mostAddresses = 64
    /// Threads at one time, for names that nobody had to wait for, and for the others.
    private static let threads = (quick: 4, slow: 2)
    /// A look-up that took longer was slow: servers that are there answer in a fraction.
    private static let patience: Duration = .seconds(2)
    /// Names that are known to be slow; beyond, somebody is waited for once more.
    private static let mostSlow = 1_024

    private let quick = LookUps(most: SystemNames.threads.quick)
    private let slow = LookUps(most: SystemNames.threads.slow)
    private let slowNames = Locked<Set<String>>([])

    package init() {}

}

extension SystemNames: NameResolving {
    package func addresses(of host: String) async -> [[UInt8]] {
        let lane = slowNames.withLock { $0.contains(host) } ? slow : quick
        let (found, time) = await lane.run {
            let start = ContinuousClock.now
            let found = LookUps.lookUp(host, port: 0, atMost: Self.mostAddresses)
            return (found.map(\.address), ContinuousClock.now - start)
        }
        slowNames.withLock { names in
            if time < Self.patience {
                names.remove(host)
            } else if names.count < Self.mostSlow {
                names.insert(host)
            }
        }
        return found
    }
}
