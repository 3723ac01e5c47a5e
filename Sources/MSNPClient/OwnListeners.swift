import Locking
import NIOCore

/// Where this process serves HTTP, which no backend may send its sessions to.
///
/// A request that comes from this machine may be trusted with more than one from elsewhere. Shared by all backends, as the
/// ports are known only once they are bound.
package final class OwnListeners: Sendable {
    private struct Listener: Sendable {
        let address: IPAddress
        let port: UInt16
    }

    private let listeners = Locked<[Listener]>([])

    package init() {}

    /// Takes in an address as it is bound; a name is none and is passed over.
    package func add(host: String, port: UInt16) {
        guard let address = IPAddress(literal: host) else { return }
        listeners.withLock { $0.append(Listener(address: address, port: port)) }
    }

    /// Whether a connection there would reach one of them.
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
        guard let devices = try? System.enumerateDevices() else { return true }
        return devices.contains { $0.address.flatMap(IPAddress.init) == address }
    }
}
