import Glibc
import TestSupport

@testable import Loops

/// What happened on a socket, in words.
final class TestHandler: SocketHandler, @unchecked Sendable {
    let heard = Recorder<String>()
    /// Of all that has been received.
    let bytes = Recorder<[UInt8]>()
    /// What it does with each piece, on the loop's thread; set before it hears anything.
    var then: () -> Void = {}

    func received(_ bytes: Span<UInt8>) {
        heard.record("received")
        self.bytes.record((0..<bytes.count).map { bytes[$0] })
        then()
    }
    func closing() { heard.record("closing") }
    func closed(isBroken: Bool) { heard.record(isBroken ? "broken" : "closed") }
}

/// A loop, and connections whose other end a test holds.
final class SocketStage: Sendable {
    /// A connection: our end, and the descriptor of the other.
    struct Pair: Sendable {
        let socket: Socket
        let handler: TestHandler
        let peer: Int32

        /// The other end says bytes, all of them.
        func say(_ bytes: [UInt8]) {
            var left = bytes[...]
            while !left.isEmpty {
                let count = left.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                precondition(count > 0, "the other end is gone")
                left = left.dropFirst(count)
            }
        }

        /// What comes at the other end, up to so many bytes, or to the end.
        func read(_ most: Int) -> [UInt8] {
            var all: [UInt8] = []
            var room = [UInt8](repeating: 0, count: 64 * 1024)
            while all.count < most {
                let count = recv(peer, &room, min(room.count, most - all.count), 0)
                guard count > 0 else { break }
                all += room[..<count]
            }
            return all
        }
    }

    let group: LoopGroup
    let guest = TestGuest()
    let place: EventLoop.Place
    var loop: EventLoop { group.loops[0] }

    init(time: @escaping @Sendable () -> MonotonicInstant = { .now }) throws {
        group = try LoopGroup(count: 1, time: time)
        place = group.loops[0].reserve()
        _ = group.loops[0].join(guest, at: place)
    }

    /// Does something on the loop, and returns when it is done.
    func onLoop<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in
            let isPosted = loop.post { continuation.resume(returning: body()) }
            precondition(isPosted, "the loop has ended")
        }
    }

    /// A connection that is open; `then` is done with each piece that it hears.
    func pair(unsent: Int = 1024, then: @escaping @Sendable (Socket) -> Void = { _ in }) async -> Pair {
        await onLoop { [self] in makePair(unsent: unsent, then: then) }
    }

    /// The same, on the loop.
    func makePair(unsent: Int = 1024, then: @escaping @Sendable (Socket) -> Void = { _ in }) -> Pair {
        var ends: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0, "socketpair")
        let flags = fcntl(ends[0], F_GETFL)
        _ = fcntl(ends[0], F_SETFL, flags | O_NONBLOCK)
        let socket = Socket(ends[0], on: loop, of: place, unsent: unsent) { _ in }
        socket.settle(true)
        let handler = TestHandler()
        handler.then = { then(socket) }
        socket.start(handler)
        return Pair(socket: socket, handler: handler, peer: ends[1])
    }
}
