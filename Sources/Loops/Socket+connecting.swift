import CLinux
import Glibc

extension Socket {
    /// An option that is set before a socket connects or listens.
    package struct Option: Sendable {
        let level: Int32
        let name: Int32
        let value: Int32

        /// - Parameters:
        ///   - level: `IPPROTO_TCP` for example.
        ///   - name: as the level has it.
        ///   - value: where the kernel does not know the option, it stays without.
        package init(level: Int32, name: Int32, value: Int32) {
            self.level = level
            self.name = name
            self.value = value
        }

        /// Sets it, where the kernel lets it.
        package func set(on descriptor: Int32) {
            var value = value
            // Reads the integer.
            unsafe setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// Begins to connect; for callers on the loop's thread.
    ///
    /// - Parameters:
    ///   - place: of the guest whose time its events take.
    ///   - unsent: bytes that may wait before it counts as unwritable.
    ///   - time: after which it has failed.
    ///   - done: is told once, perhaps before this returns, and never once the loop has ended; nil where it failed.
    package static func connect(
        to endpoint: TCPEndpoint, on loop: EventLoop, of place: EventLoop.Place, _ options: [Option], unsent: Int,
        within time: Duration, done: @escaping (Socket?) -> Void
    ) {
        let descriptor = socket(endpoint.family, Int32(SOCK_STREAM.rawValue) | gw_socket_flags, 0)
        guard descriptor >= 0 else { return done(nil) }
        for option in options { option.set(on: descriptor) }
        var timer: LoopTimer?
        var made: Socket?
        let socket = Socket(descriptor, on: loop, of: place, unsent: unsent) { isConnected in
            timer?.cancel()
            done(isConnected ? made : nil)
            made = nil
        }
        made = socket
        // Reads the address, which is there as long as the call.
        let result = unsafe endpoint.withSystemAddress { unsafe Glibc.connect(descriptor, $0, $1) }
        // Interrupted or not, it goes on by itself.
        guard result < 0, errno == EINPROGRESS || errno == EINTR else { return socket.settle(result == 0) }
        timer = loop.after(time) { socket.settle(false) }
        socket.awaitConnection()
    }
}
