import CLinux
import Glibc

extension PeerAddress {
    /// The address of a socket's other end, which the pointer has to be as long as its family says.
    init(_ address: UnsafePointer<sockaddr>?) {
        self.init(ip: unsafe address.map { unsafe SocketAddress.numeric($0).host } ?? "")
    }
}
