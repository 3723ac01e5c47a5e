import Loops

extension IPAddress: CustomStringConvertible {
    /// As it is usually written: `192.0.2.1`, `2001:db8::1`.
    package var description: String { TCPEndpoint(address: bytes, port: 0)?.literal ?? "no address" }
}
