package import Loops
package import MSNP

/// The system's resolver, called on threads of its own.
package struct SystemResolver: AddressResolving {
    /// More addresses of one name than these are not tried: the time-out would be over first.
    private static let mostAddresses = 8

    package init() {}

    /// Looks a name up with `getaddrinfo`, off the loops; empty where there is none.
    package func resolve(_ address: ServerAddress) async -> [TCPEndpoint] {
        if let known = known(address) { return known }
        return await LookUps.shared.addresses(of: address.host, port: address.port, atMost: Self.mostAddresses)
    }

    /// What is an address and no name.
    package func known(_ address: ServerAddress) -> [TCPEndpoint]? {
        TCPEndpoint(literal: address.host, port: address.port).map { [$0] }
    }
}
