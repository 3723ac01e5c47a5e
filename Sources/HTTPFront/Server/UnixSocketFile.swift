import CLinux
import Glibc
import Loops

/// The file by which programs of this machine find a Unix socket: it comes with the socket, and has to be removed with it.
///
/// What a process leaves that was killed is taken over; a file at which somebody listens is not, nor one that is no socket.
struct UnixSocketFile: Sendable {
    /// For the gateway's own user and group, as whoever connects may claim to be a proxy for anybody.
    static let mode: mode_t = 0o660
    /// Others hold the lock for as long as it takes to listen; someone who holds it longer keeps nobody waiting for ever.
    private static let lockTries = 50
    private static let lockPause: useconds_t = 20_000

    private let path: String
    /// Which file it is, in case that somebody has put another one there.
    private let device: dev_t
    private let number: ino_t

    /// Binds a socket to a path, and listens.
    init(listeningAt path: String, _ socket: Int32) throws(HTTPServerError) {
        let address = ListenAddress.unix(path: path)
        guard let endpoint = UnixEndpoint(path), path.hasPrefix("/") else { throw .invalidPath(path) }
        // No other gateway looks while this one is bound and does not listen yet: it would take the file for a dead one's.
        let directory = try Self.lock(Self.directory(of: path), for: address)
        defer { close(directory) }
        // Linux gives the file the mode of the socket, less the umask: at no time can others connect.
        fchmod(socket, Self.mode)
        // Here and below: reads the path and keeps nothing.
        if Self.isDead(path, endpoint) { unsafe unlink(path) }
        // Reads the address, which is there as long as the call.
        guard
            unsafe endpoint.withSystemAddress({
                unsafe bind(socket, $0.assumingMemoryBound(to: sockaddr.self), $1)
            }) == 0
        else {
            throw .cannotListen(address, code: errno)
        }
        var status = stat()
        // Fills the structure.
        guard unsafe chmod(path, Self.mode) == 0, unsafe lstat(path, &status) == 0,
            listen(socket, HTTPListener.backlog) == 0
        else {
            let code = errno
            unsafe unlink(path)
            throw .cannotListen(address, code: code)
        }
        self.path = path
        device = status.st_dev
        number = status.st_ino
    }

    /// Removes the file, if it is still the one that was made.
    func remove() {
        var status = stat()
        // Reads the path, and fills the structure.
        guard unsafe lstat(path, &status) == 0, status.st_dev == device, status.st_ino == number else { return }
        unsafe unlink(path)
    }

    /// Whether there is a socket at which nobody listens any more.
    private static func isDead(_ path: String, _ endpoint: UnixEndpoint) -> Bool {
        var status = stat()
        // Reads the path, and fills the structure.
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | gw_socket_flags, 0)
        guard number >= 0 else { return false }
        let probe = Descriptor(owning: number)
        // Somebody whose backlog is full says EAGAIN, and who keeps others out EACCES.
        let result = unsafe endpoint.withSystemAddress {
            unsafe connect(probe.number, $0.assumingMemoryBound(to: sockaddr.self), $1)
        }
        return result != 0 && errno == ECONNREFUSED
    }

    /// The directory of the path, locked until it is closed.
    private static func lock(_ directory: String, for address: ListenAddress) throws(HTTPServerError) -> Int32 {
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotListen(address, code: errno) }
        for _ in 0..<lockTries {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(lockPause)
        }
        let code = errno
        close(descriptor)
        throw .cannotListen(address, code: code)
    }

    private static func directory(of path: String) -> String {
        String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
