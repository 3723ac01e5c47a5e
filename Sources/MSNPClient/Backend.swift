import Locking
package import MSNP
import NIOCore

/// A backend and what its sessions have learned of it in this process.
package final class Backend: Sendable {
    package let configuration: BackendConfiguration
    private let resolver: any AddressResolving
    /// Who may sign in.
    package let signInTurns: SignInTurns
    private let traits = Locked<Set<KeepaliveTrait>>([])

    package init(_ configuration: BackendConfiguration, resolver: any AddressResolving = SystemResolver()) {
        self.configuration = configuration
        self.resolver = resolver
        signInTurns = SignInTurns(most: configuration.signInsInFlight)
    }

    package var name: String { configuration.name }

    /// How it was seen to take pings.
    package var keepaliveTraits: Set<KeepaliveTrait> { traits.withLock { $0 } }

    func learn(_ trait: KeepaliveTrait) {
        traits.withLock { _ = $0.insert(trait) }
    }

    /// The addresses to try for a hop, in order.
    ///
    /// Resolved once, checked, and connected to as checked: a name that resolves differently a moment later changes
    /// nothing. Throws `UnreachableFailure`.
    func endpoints(of announced: ServerAddress) async throws(UnreachableFailure) -> [SocketAddress] {
        let target = configuration.rewritten(announced)
        let found = await resolver.resolve(target)
        guard !found.isEmpty else { throw UnreachableFailure(reason: .unresolved) }
        // What the operator wrote down, as the backend or as a rewrite, needs no permission.
        if announced == configuration.address || target != announced { return found }
        let own = await resolver.resolve(configuration.rewritten(configuration.address)).compactMap(IPAddress.init)
        let permitted = found.filter { endpoint in
            IPAddress(endpoint).map { configuration.addressPolicy.permits($0, ofBackendAt: own) } ?? false
        }
        guard !permitted.isEmpty else { throw UnreachableFailure(reason: .forbiddenAddress) }
        return permitted
    }
}
