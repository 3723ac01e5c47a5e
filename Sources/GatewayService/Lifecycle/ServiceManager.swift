import CLinux
import Glibc
package import Loops

/// The service manager that has started this process, and wants to hear how it is (sd_notify(3)): each word is a datagram.
package final class ServiceManager: Sendable {
    /// What it can be told.
    package enum Word: Sendable {
        /// Whoever waits for the service need wait no longer; again behind `reloading`.
        case ready
        case reloading
        case stopping
        /// It is alive, and the watchdog need not end it.
        case alive
    }

    /// How long it is waited for while it has no room for a word, in milliseconds.
    private static let patience: Int32 = 1_000

    private let endpoint: UnixEndpoint
    private let socket: Descriptor

    /// - Parameter endpoint: what `NOTIFY_SOCKET` names.
    package init(at endpoint: UnixEndpoint) throws(SystemCallError) {
        let number = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | gw_socket_flags, 0)
        guard number >= 0 else { throw SystemCallError(call: "socket", code: errno) }
        socket = Descriptor(owning: number)
        self.endpoint = endpoint
    }

    /// Says a word; whether it was taken.
    ///
    /// - Parameter waits: whether to wait for a second where there is no room for it; not on a loop.
    @discardableResult
    package func tell(_ word: Word, waits: Bool = true) -> Bool {
        let bytes = Array(Self.text(of: word).utf8)
        if send(bytes) { return true }
        guard waits, errno == EAGAIN else { return false }
        var interest = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
        // Reads and writes the one structure.
        _ = unsafe poll(&interest, 1, Self.patience)
        return send(bytes)
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        // By address and not connected: the manager may make its socket anew. Reads no more bytes than there are.
        unsafe endpoint.withSystemAddress { address, length in
            unsafe bytes.withUnsafeBytes { buffer in
                unsafe sendto(
                    socket.number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL),
                    address.assumingMemoryBound(to: sockaddr.self), length)
                    == buffer.count
            }
        }
    }

    private static func text(of word: Word) -> String {
        switch word {
        case .ready: "READY=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(microseconds())"
        case .stopping: "STOPPING=1"
        case .alive: "WATCHDOG=1"
        }
    }

    /// By the clock that the manager compares it with, to tell this reload from the one before.
    private static func microseconds() -> Int {
        var time = timespec()
        // Fills the structure.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
    }
}
