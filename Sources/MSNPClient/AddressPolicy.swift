/// Where a backend's referrals may lead.
///
/// Referrals name hosts that the backend chose, so without a policy any backend could aim the gateway at services of
/// its own network. By default the backend's own addresses and public unicast ones are allowed; loopback, link-local
/// and private ones only where the backend itself is of that kind, or listed. Ports are those of MSN servers, of web servers,
/// which some stand beside, and those that need no privilege; and never is it one of the gateway's own HTTP listeners.
package struct AddressPolicy: Sendable {
    /// Addresses that are allowed whatever they are.
    package var listed: Set<IPAddress>

    /// Where nobody may send us, whatever else is allowed.
    package var ownListeners: OwnListeners

    /// Ports below `unprivileged` that a referral may name: HTTP and HTTPS, as MSN's own, 1863, is above it.
    private static let privileged: Set<UInt16> = [80, 443]
    /// The first port that anybody may listen on, where no service of a system is.
    private static let unprivileged: UInt16 = 1024

    package init(listed: Set<IPAddress> = [], ownListeners: OwnListeners = OwnListeners()) {
        self.listed = listed
        self.ownListeners = ownListeners
    }

    /// Whether a referral may name the port.
    package func permits(port: UInt16) -> Bool { port >= Self.unprivileged || Self.privileged.contains(port) }

    /// Whether a session of a backend with these addresses may connect there.
    package func permits(_ address: IPAddress, port: UInt16, ofBackendAt backend: [IPAddress]) -> Bool {
        permits(port: port) && permits(address, ofBackendAt: backend)
            && !ownListeners.isReached(at: address, port: port)
    }

    /// Whether the address, with whatever port, is one that a backend with these addresses may name.
    package func permits(_ address: IPAddress, ofBackendAt backend: [IPAddress]) -> Bool {
        if listed.contains(address) || backend.contains(address) { return true }
        return switch address.kind {
        case .publicUnicast: true
        case .unusable: false
        case .loopback, .linkLocal, .privateUse: backend.contains { $0.kind == address.kind }
        }
    }
}
