import CLinux

/// Takes the connections that arrive at an address onto one loop.
///
/// Unchecked, because all of it is its loop's thread's alone; it is made and closed there.
package final class Listener: @unchecked Sendable {
    /// Connections accepted in a turn: those that are open want to be served, too.
    static let acceptsAtATime = 64
    /// How long it looks away when the system has no room for a connection, which would be reported without end.
    private static let pause = Duration.milliseconds(100)

    /// As it is bound: with the port that was free, where it was to be any.
    package let endpoint: TCPEndpoint

    /// Whose time its events take.
    let place: EventLoop.Place
    private let loop: EventLoop
    private let number: UInt64
    private let unsent: Int
    /// Nil once it is closed.
    private var socket: ListeningSocket?
    private var take: ((Socket) -> Void)?

    /// Listens until it is closed, or its loop ends; for callers on the loop's thread.
    ///
    /// - Parameters:
    ///   - place: of the guest whose time its connections take.
    ///   - backlog: connections that may wait to be accepted.
    ///   - options: of the connections.
    ///   - unsent: bytes that may wait before a connection counts as unwritable.
    ///   - take: is given each connection, and starts or closes it.
    package init(
        at wanted: TCPEndpoint, on loop: EventLoop, of place: EventLoop.Place = EventLoop.nobody, backlog: Int32,
        _ options: [Socket.Option], unsent: Int, take: @escaping (Socket) -> Void
    ) throws(SystemCallError) {
        let socket = try ListeningSocket(at: wanted, backlog: backlog, options)
        let number = loop.own.nextNumber()
        try loop.watch(socket.descriptor.number, for: gw_readable, tag: number, of: EventLoop.nobody)
        self.socket = socket
        self.number = number
        self.loop = loop
        self.place = place
        self.unsent = unsent
        self.take = take
        endpoint = socket.endpoint
        loop.own.listeners[number] = self
    }

    /// Refuses connections from now on, also those that wait; those that were taken stay.
    package func close() {
        guard socket != nil else { return }
        loop.own.listeners[number] = nil
        abandon()
    }

    /// Goes with its loop.
    func abandon() {
        take = nil
        if let socket { loop.unwatch(socket.descriptor.number) }
        socket = nil
    }

    /// Connections wait.
    func happened() {
        for _ in 0..<Self.acceptsAtATime {
            // Whoever is given a connection may close it.
            guard let socket, let take else { return }
            var accepted: Int32 = -1
            switch unsafe socket.accept({ descriptor, _, _ in accepted = descriptor }) {
            case .taken:
                let connection = Socket(accepted, on: loop, of: place, unsent: unsent) { _ in }
                connection.settle(true)
                take(connection)
            case .failed: continue
            case .nobody: return
            case .noDescriptors, .noMemory:
                loop.unwatch(socket.descriptor.number)
                return lookAgainLater()
            }
        }
    }

    private func lookAgainLater() {
        loop.after(Self.pause) { [weak self] in
            guard let self, let socket else { return }
            do {
                try loop.watch(socket.descriptor.number, for: gw_readable, tag: number, of: EventLoop.nobody)
            } catch {
                lookAgainLater()
            }
        }
    }
}
