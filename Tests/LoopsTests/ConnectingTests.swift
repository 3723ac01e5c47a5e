import Glibc
import TestSupport
import Testing

@testable import Loops

/// Connections that are made, or not.
@Suite(.timeLimit(.minutes(2))) struct ConnectingTests {
    /// A TCP port of 127.0.0.1 that a test holds.
    private struct Port {
        let descriptor: Int32
        let endpoint: TCPEndpoint

        init(backlog: Int32?) throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let any = try #require(TCPEndpoint(literal: "127.0.0.1", port: 0))
            let (number, isBound) = (
                descriptor, any.withSystemAddress { [descriptor] in bind(descriptor, $0, $1) == 0 }
            )
            precondition(isBound, "bind")
            if let backlog { precondition(listen(number, backlog) == 0, "listen") }
            var name = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let port = withUnsafeMutablePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(number, $0, &length) }
                return pointer.pointee.sin_port.bigEndian
            }
            endpoint = try #require(TCPEndpoint(literal: "127.0.0.1", port: port))
        }

        func accept() -> Int32 { Glibc.accept(descriptor, nil, nil) }
    }

    private func connect(
        _ stage: SocketStage, _ endpoint: TCPEndpoint, within time: Duration = .seconds(600)
    ) async -> Socket? {
        await withCheckedContinuation { continuation in
            _ = stage.loop.post {
                Socket.connect(
                    to: endpoint, on: stage.loop, of: stage.place,
                    [Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_NODELAY, value: 1)], unsent: 1024, within: time
                ) { continuation.resume(returning: $0) }
            }
        }
    }

    @Test("A connection is made, carries both ways, and ends as the other side ends it", arguments: [false, true])
    func made(isReset: Bool) async throws {
        let stage = try SocketStage()
        let port = try Port(backlog: 8)
        let socket = try #require(await connect(stage, port.endpoint))
        let peer = port.accept()
        let handler = TestHandler()
        await stage.onLoop {
            socket.start(handler)
            socket.write([1, 2])
        }
        let pair = SocketStage.Pair(socket: socket, handler: handler, peer: peer)
        #expect(pair.read(2) == [1, 2])
        pair.say([3])
        try await handler.bytes.first { $0 == [3] }
        if isReset {
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(peer, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        }
        close(peer)
        try await handler.heard.first { $0 == (isReset ? "broken" : "closed") }
        #expect(handler.heard.all == ["received", isReset ? "broken" : "closed"])
        await stage.group.shutdown()
        close(port.descriptor)
    }

    @Test("A reset that a write finds out about is one, as if it had been read")
    func resetByWrite() async throws {
        let stage = try SocketStage()
        let port = try Port(backlog: 8)
        let socket = try #require(await connect(stage, port.endpoint))
        let peer = port.accept()
        let handler = TestHandler()
        await stage.onLoop {
            socket.start(handler)
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(peer, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
            // On the loop's thread, so that the write comes before any read.
            close(peer)
            socket.write([1])
            socket.write([2])
        }
        try await handler.heard.first { _ in true }
        #expect(handler.heard.all == ["broken"])
        await stage.group.shutdown()
        close(port.descriptor)
    }

    @Test("Where nobody listens there is no connection, and nothing is left of the attempt")
    func refused() async throws {
        let stage = try SocketStage()
        let port = try Port(backlog: nil)
        #expect(await connect(stage, port.endpoint) == nil)
        #expect(await stage.onLoop { stage.loop.own.sockets.isEmpty && stage.loop.own.timers.isEmpty })
        await stage.group.shutdown()
        close(port.descriptor)
    }

    @Test("An address that swallows packets takes no more than its time, and a loop that ends waits for none")
    func silent() async throws {
        let stage = try SocketStage()
        // Two find room; what comes then is dropped by the kernel.
        let port = try Port(backlog: 0)
        var made: [Socket] = []
        while let socket = await connect(stage, port.endpoint, within: .milliseconds(200)) { made.append(socket) }
        #expect(made.count <= 4)
        let never = Recorder<Void>()
        await stage.onLoop {
            Socket.connect(
                to: port.endpoint, on: stage.loop, of: stage.place, [], unsent: 1, within: .seconds(600)
            ) { _ in never.record(()) }
        }
        await stage.group.shutdown()
        #expect(never.all.isEmpty)
        close(port.descriptor)
    }

    @Test(
        "Literals are addresses, and names are not",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("2001:DB8:0::1", "2001:db8::1"), ("localhost", nil),
            ("127.1", nil),
            ("", nil), ("1.2.3.4\0", nil), ("fe80::1%lo", nil),
        ] as [(String, String?)])
    func literals(text: String, shown: String?) { #expect(TCPEndpoint(literal: text, port: 1)?.literal == shown) }

    @Test("The system has the addresses that are there: both families, as it wants them")
    func systemAddresses() throws {
        for literal in ["192.0.2.1", "2001:db8::7"] {
            let endpoint = try #require(TCPEndpoint(literal: literal, port: 1863))
            #expect(endpoint.withSystemAddress { raw, _ in TCPEndpoint(raw) } == endpoint)
        }
        let own = try #require(TCPEndpoint.ofThisMachine())
        #expect(own.contains { $0.literal == "127.0.0.1" })
    }

    @Test("Names are looked up on a few threads, all of them, whoever waits")
    func lookUps() async {
        let lookUps = LookUps(most: 2)
        let running = Recorder<Int>()
        let most = Recorder<Int>()
        await withTaskGroup { tasks in
            for number in 0..<50 {
                tasks.addTask {
                    await lookUps.run {
                        running.record(1)
                        most.record(running.all.reduce(0, +))
                        running.record(-1)
                        return number
                    }
                }
            }
            #expect(await tasks.reduce(into: Set<Int>()) { $0.insert($1) } == Set(0..<50))
        }
        #expect(most.all.allSatisfy { $0 <= 2 })
        #expect(await lookUps.addresses(of: "127.0.0.1", port: 1, atMost: 8).map(\.literal) == ["127.0.0.1"])
    }
}
