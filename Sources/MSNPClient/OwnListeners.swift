import Locking
import Loops

/// The addresses on which this process serves HTTP.
///
/// No backend may send its sessions there.
///
/// A request from this machine may have more rights than one from elsewhere. All backends share this list, because the
/// ports are known only once they are bound.
package final class OwnListeners: Sendable {
    private struct Listener: Sendable {
        let address: IPAddress
        let port: UInt16
    }

    private let listeners = Locked<[Listener]>([])

    package init() {}

    /// Adds an address as it was bound; a name is ignored.
    package func add(host: String, port: UInt16) {
        guard let address = IPAddress(literal: host) else { return }
        listeners.withLock { $0.append(Listener(address: address, port: port)) }
    }

    /// Whether a connection to that address would reach one of them.
    func isReached(at address: IPAddress, port: UInt16) -> Bool {
        let there = listeners.withLock { $0.filter { $0.port == port }.map(\.address) }
        guard !there.isEmpty else { return false }
        // Connecting to the wildcard address is connecting to this machine.
        if address.isWildcard || there.contains(address) { return true }
        return there.contains(where: \.isWildcard) && Self.isOfThisMachine(address)
    }

    private static func isOfThisMachine(_ address: IPAddress) -> Bool {
        if address.kind == .loopback { return true }
        // A machine whose interfaces can't be listed might have any address.
        guard let own = TCPEndpoint.ofThisMachine() else { return true }
        return own.contains { IPAddress($0) == address }
    }
}
