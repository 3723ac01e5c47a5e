/// Where a backend's referrals may lead.
///
/// Referrals name hosts that the backend chose, so without a policy any backend could aim the gateway at services of
/// its own network. By default the backend's own addresses and public unicast ones are allowed; loopback, link-local
/// and private ones only where the backend itself is of that kind, or listed.
package struct AddressPolicy: Sendable {
    /// Addresses that are allowed whatever they are.
    package var listed: Set<IPAddress>

    package init(listed: Set<IPAddress> = []) {
        self.listed = listed
    }

    /// Whether a session of a backend with these addresses may connect there.
    package func permits(_ address: IPAddress, ofBackendAt backend: [IPAddress]) -> Bool {
        if listed.contains(address) || backend.contains(address) { return true }
        return switch address.kind {
        case .publicUnicast: true
        case .unusable: false
        case .loopback, .linkLocal, .privateUse: backend.contains { $0.kind == address.kind }
        }
    }
}
