package import Loops
package import MSNP

/// Turns a host into the addresses to connect to, best first; none when there are none.
package protocol AddressResolving: Sendable {
    func resolve(_ address: ServerAddress) async -> [TCPEndpoint]

    /// The same where nobody has to be asked for them; nil where somebody has.
    func known(_ address: ServerAddress) -> [TCPEndpoint]?
}

extension AddressResolving {
    /// Whoever does not say is asked.
    package func known(_ address: ServerAddress) -> [TCPEndpoint]? { nil }
}
