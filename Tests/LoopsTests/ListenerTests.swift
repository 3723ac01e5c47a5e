import CLinux
import Glibc
import TestSupport
import Testing

@testable import Loops

/// Connections that arrive at a loop.
@Suite(.timeLimit(.minutes(2))) struct ListenerTests {
    private static let anyPort = TCPEndpoint(literal: "127.0.0.1", port: 0)

    /// A listener on a free port of 127.0.0.1, whose connections say what they hear to `handler`.
    private func listen(
        _ stage: SocketStage, _ handler: TestHandler = TestHandler(),
        take: @escaping @Sendable (Socket) -> Void = { _ in }
    ) async throws -> Listener {
        let wanted = try #require(Self.anyPort)
        let options = [Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_NODELAY, value: 1)]
        let made = await stage.onLoop {
            try? Listener(at: wanted, on: stage.loop, of: stage.place, backlog: 256, options, unsent: 1024) {
                $0.start(handler)
                take($0)
            }
        }
        return try #require(made)
    }

    /// A connection to where somebody listens, or nil where nobody does.
    private static func connect(to endpoint: TCPEndpoint) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if endpoint.withSystemAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    @Test("A connection is taken as it comes, knows its own address, has the options, and carries both ways")
    func taken() async throws {
        let stage = try SocketStage()
        let handler = TestHandler()
        let sockets = Recorder<Socket>()
        let listener = try await listen(stage, handler) { sockets.record($0) }
        #expect(listener.endpoint.literal == "127.0.0.1")
        let peer = try #require(Self.connect(to: listener.endpoint))
        let socket = try await sockets.first { _ in true }
        let pair = SocketStage.Pair(socket: socket, handler: handler, peer: peer)
        pair.say([1, 2])
        try await handler.bytes.first { $0 == [1, 2] }
        let local = await stage.onLoop {
            socket.write([3])
            return socket.localEndpoint
        }
        #expect(local == listener.endpoint)
        #expect(pair.read(1) == [3])
        close(peer)
        try await handler.heard.first { $0 == "closed" }
        #expect(await stage.onLoop { socket.localEndpoint } == nil)
        await stage.group.shutdown()
    }

    @Test("What its connections inherit of a listening socket is what was asked for")
    func options() async throws {
        let wanted = try #require(Self.anyPort)
        let listener = try ListeningSocket(
            at: wanted, backlog: 1, [Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_NODELAY, value: 1)])
        let peer = try #require(Self.connect(to: listener.endpoint))
        var isNoDelay: Int32 = 0
        var family: Int32 = 0
        let acceptance = listener.accept { descriptor, address, _ in
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isNoDelay, &length)
            family = Int32(address.pointee.sa_family)
            close(descriptor)
        }
        #expect(acceptance == .taken)
        #expect(isNoDelay != 0)
        #expect(family == AF_INET)
        #expect(listener.accept { _, _, _ in Issue.record("nobody is there") } == .nobody)
        listener.shutDown()
        #expect(listener.accept { _, _, _ in Issue.record("nobody can come") } == .nobody)
        close(peer)
    }

    @Test("A crowd that comes at once is taken in shares, a turn each, so that those who are there have theirs")
    func shares() async throws {
        let stage = try SocketStage()
        let turns = Recorder<Int>()
        let listener = try await listen(stage) { _ in turns.record(stage.guest.calls.all.count { $0 == "turn" }) }
        let crowd = Listener.acceptsAtATime * 2
        let endpoint = listener.endpoint
        // The loop stands still until all of them wait.
        let peers = await stage.onLoop { (0..<crowd).compactMap { _ in Self.connect(to: endpoint) } }
        #expect(peers.count == crowd)
        while turns.all.count < crowd { await Task.yield() }
        let first = try #require(turns.all.first)
        #expect(turns.all.prefix(Listener.acceptsAtATime).allSatisfy { $0 == first })
        #expect(turns.all.dropFirst(Listener.acceptsAtATime).allSatisfy { $0 > first })
        await stage.group.shutdown()
        for peer in peers { close(peer) }
    }

    @Test("A closed one refuses, has its port free, and leaves what it has taken alone")
    func closing() async throws {
        let stage = try SocketStage()
        let handler = TestHandler()
        let sockets = Recorder<Socket>()
        let listener = try await listen(stage, handler) { sockets.record($0) }
        let peer = try #require(Self.connect(to: listener.endpoint))
        let socket = try await sockets.first { _ in true }
        await stage.onLoop {
            listener.close()
            listener.close()
        }
        #expect(Self.connect(to: listener.endpoint) == nil)
        SocketStage.Pair(socket: socket, handler: handler, peer: peer).say([1])
        try await handler.bytes.first { $0 == [1] }
        let next = await stage.onLoop {
            try? Listener(at: listener.endpoint, on: stage.loop, backlog: 1, [], unsent: 1) { $0.close() }
        }
        #expect(next?.endpoint == listener.endpoint)
        await stage.group.shutdown()
        close(peer)
    }

    @Test("A port that is taken is an error, and nothing is left of the attempt")
    func portTaken() async throws {
        let stage = try SocketStage()
        let listener = try await listen(stage)
        let failure = await stage.onLoop { () -> SystemCallError? in
            do throws(SystemCallError) {
                _ = try Listener(at: listener.endpoint, on: stage.loop, backlog: 1, [], unsent: 1) { $0.close() }
                return nil
            } catch {
                return error
            }
        }
        #expect(failure == SystemCallError(call: "bind", code: EADDRINUSE))
        #expect(await stage.onLoop { stage.loop.own.listeners.count } == 1)
        await stage.group.shutdown()
    }

    @Test("A loop that ends lets its listeners go, and what they hold")
    func loopEnds() async throws {
        weak var known: Listener?
        let port: TCPEndpoint
        do {
            let stage = try SocketStage()
            let handler = TestHandler()
            let listener = try await listen(stage, handler) { _ in _ = stage.loop.isCurrent }
            (known, port) = (listener, listener.endpoint)
            await stage.group.shutdown()
        }
        while known != nil { await Task.yield() }
        #expect(Self.connect(to: port) == nil)
    }
}
