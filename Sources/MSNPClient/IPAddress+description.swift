import NIOCore

extension IPAddress: CustomStringConvertible {
    /// As it is usually written: `192.0.2.1`, `2001:db8::1`.
    package var description: String {
        // Fails on no other lengths than those that `init` is never given.
        let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
        return address?.ipAddress ?? "no address"
    }
}
