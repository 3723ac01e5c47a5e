package import Loops
package import MSNP

/// Turns a host into the addresses to connect to, best first; none when there are none.
package protocol AddressResolving: Sendable {
    func resolve(_ address: ServerAddress) async -> [TCPEndpoint]
}
