import Glibc
import Locking
import TestSupport
import Testing

@testable import Loops

/// Connections on a loop: shares, back-pressure, and how they end.
@Suite(.timeLimit(.minutes(2))) struct SocketTests {
    /// Bytes of which no two neighbouring pieces look alike.
    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    @Test("Each socket has one read in a turn, however much there is on another")
    func shares() async throws {
        let stage = try SocketStage()
        let order = Recorder<String>()
        let loud = await stage.pair { _ in order.record("loud") }
        let quiet = await stage.pair { _ in order.record("quiet") }
        let bytes = Self.bytes(Socket.readSize * 2)
        // The loop stands still until all of it is there.
        await stage.onLoop {
            loud.say(bytes)
            quiet.say([1])
        }
        while loud.handler.bytes.all.reduce(0, { $0 + $1.count }) < bytes.count { await Task.yield() }
        #expect(Array(loud.handler.bytes.all.joined()) == bytes)
        #expect(order.all.prefix(2).sorted() == ["loud", "quiet"])
        await stage.group.shutdown()
        close(loud.peer)
        close(quiet.peer)
    }

    @Test("Sockets for which a turn has no time come first in the next, and guests have theirs in between")
    func turnTime() async throws {
        let time = Locked(MonotonicInstant.now)
        let stage = try SocketStage(time: { time.withLock { $0 } })
        let order = Recorder<String>()
        // Each takes a turn's whole time for what it hears.
        var pairs: [SocketStage.Pair] = []
        for number in 0..<4 {
            pairs.append(
                await stage.pair { _ in
                    order.record("\(number)")
                    time.withLock { $0 += EventLoop.socketTime }
                })
        }
        let all = pairs
        await stage.onLoop {
            stage.guest.turn = { order.record("guest") }
            for pair in all { pair.say([1]) }
        }
        while order.all.count(where: { $0 != "guest" }) < 4 { await Task.yield() }
        let first = order.all.drop { $0 == "guest" }
        // What the first one has to say once more is heard behind the others.
        #expect(first.prefix(7).map { $0 == "guest" } == [false, true, false, true, false, true, false])
        #expect(Set(first.filter { $0 != "guest" }) == ["0", "1", "2", "3"])
        await stage.group.shutdown()
        for pair in pairs { close(pair.peer) }
    }

    @Test("Whoever has more to say, again and again, is heard behind those that wait")
    func noStarving() async throws {
        let time = Locked(MonotonicInstant.now)
        let stage = try SocketStage(time: { time.withLock { $0 } })
        let order = Recorder<Int>()
        var pairs: [SocketStage.Pair] = []
        for number in 0..<4 {
            pairs.append(
                await stage.pair { _ in
                    order.record(number)
                    time.withLock { $0 += EventLoop.socketTime }
                })
        }
        let all = pairs
        let bytes = [UInt8](repeating: 1, count: Socket.readSize * 2)
        await stage.onLoop { for pair in all { pair.say(bytes) } }
        while pairs.contains(where: { $0.handler.bytes.all.reduce(0) { $0 + $1.count } < bytes.count }) {
            await Task.yield()
        }
        // Rounds: nobody is heard twice before each of them was heard once.
        #expect(Set(order.all.prefix(4)) == [0, 1, 2, 3])
        await stage.group.shutdown()
        for pair in pairs { close(pair.peer) }
    }

    @Test("What the other side does not take waits, says so, and goes out in order")
    func backPressure() async throws {
        let stage = try SocketStage()
        let pair = await stage.pair(unsent: 1024)
        let bytes = Self.bytes(4 * 1024 * 1024)
        let isWritable = await stage.onLoop {
            pair.socket.write([])
            let before = pair.socket.isWritable
            for start in stride(from: 0, to: bytes.count, by: 4096) {
                pair.socket.write(Array(bytes[start..<min(bytes.count, start + 4096)]))
            }
            return [before, pair.socket.isWritable]
        }
        #expect(isWritable == [true, false])
        let taken = await Task.detached { pair.read(bytes.count) }.value
        #expect(taken == bytes)
        while await !stage.onLoop({ pair.socket.isWritable }) { await Task.yield() }
        await stage.group.shutdown()
        close(pair.peer)
    }

    @Test("What was said before a close goes out before it, and what waits when it is dropped does not")
    func closing() async throws {
        let stage = try SocketStage()
        let (patient, hasty) = (await stage.pair(), await stage.pair())
        let bytes = Self.bytes(1024 * 1024)
        let heard = await stage.onLoop {
            patient.socket.write(bytes)
            patient.socket.closeAfterWriting()
            hasty.socket.write(bytes)
            hasty.socket.close()
            // Not in the middle of what the caller does.
            return hasty.handler.heard.all
        }
        #expect(heard == ["closing"])
        #expect(await Task.detached { patient.read(.max) }.value == bytes)
        #expect(await Task.detached { hasty.read(.max).count }.value < bytes.count)
        for pair in [patient, hasty] {
            try await pair.handler.heard.first { $0 == "closed" }
            #expect(pair.handler.heard.all == ["closing", "closed"])
            close(pair.peer)
        }
        await stage.group.shutdown()
    }

    @Test("Our half is closed after what was said before, and the other half is still heard")
    func closingOutput() async throws {
        let stage = try SocketStage()
        let pair = await stage.pair()
        let bytes = Self.bytes(1024 * 1024)
        let isOpen = await stage.onLoop {
            pair.socket.write(bytes)
            pair.socket.closeOutput()
            // Too late.
            pair.socket.write([1])
            return pair.socket.isOpen
        }
        #expect(!isOpen)
        #expect(await Task.detached { pair.read(.max) }.value == bytes)
        pair.say([2])
        try await pair.handler.bytes.first { $0 == [2] }
        close(pair.peer)
        try await pair.handler.heard.first { $0 == "closed" }
        #expect(pair.handler.heard.all == ["received", "closed"])
        // With nothing to say before, it is closed at once.
        let silent = await stage.pair()
        await stage.onLoop { silent.socket.closeOutput() }
        #expect(silent.read(1).isEmpty)
        await stage.onLoop { silent.socket.closeAfterWriting() }
        try await silent.handler.heard.first { $0 == "closed" }
        close(silent.peer)
        await stage.group.shutdown()
    }

    @Test("A reader that is always a little behind costs what waits for it, and not all that it ever had")
    func alwaysBehind() async throws {
        let stage = try SocketStage()
        let pair = await stage.pair()
        let ahead = Self.bytes(1024 * 1024)
        let piece = Self.bytes(64 * 1024)
        await stage.onLoop { pair.socket.write(ahead) }
        for _ in 0..<100 {
            _ = await Task.detached { pair.read(piece.count) }.value
            await stage.onLoop { pair.socket.write(piece) }
        }
        let held = await stage.onLoop { pair.socket.heldBytes }
        #expect(held <= 3 * ahead.count)
        await stage.group.shutdown()
        close(pair.peer)
    }

    @Test("A paused socket is not read, its other side's end makes no loop spin, and both are heard when it goes on")
    func paused() async throws {
        let stage = try SocketStage()
        let pair = await stage.pair()
        await stage.onLoop { pair.socket.pause() }
        pair.say([1, 2, 3])
        close(pair.peer)
        // A hang-up can't be masked: a socket that stays in the set would be reported without end.
        let turns = Recorder<Int>()
        stage.loop.after(.milliseconds(20)) { turns.record(stage.guest.calls.all.count { $0 == "turn" }) }
        let before = try await turns.first { _ in true }
        stage.loop.after(.milliseconds(20)) { turns.record(stage.guest.calls.all.count { $0 == "turn" }) }
        try await turns.first { $0 > before }
        #expect(turns.all.last.map { $0 - before <= 4 } == true)
        #expect(pair.handler.heard.all.isEmpty)
        await stage.onLoop {
            // It can't go out any more, and that is no reason to look.
            pair.socket.write([4])
            pair.socket.resume()
        }
        try await pair.handler.heard.first { $0 == "closed" }
        #expect(pair.handler.heard.all == ["received", "closed"])
        #expect(pair.handler.bytes.all == [[1, 2, 3]])
        await stage.group.shutdown()
    }

    @Test("A descriptor that is used again within one turn brings its new owner nothing of the old one's")
    func reuse() async throws {
        let stage = try SocketStage()
        let told = Recorder<Bool>()
        let victims = Locked<[SocketStage.Pair]>([])
        let closer: @Sendable (Socket) -> Void = { own in
            for victim in victims.withLock({ $0 }) where victim.socket !== own && victim.socket.isOpen {
                victim.socket.close()
                // The lowest number that is free: the victim's.
                var ends: [Int32] = [0, 0]
                precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0, "socketpair")
                let next = Socket(ends[0], on: stage.loop, of: stage.place, unsent: 1) { told.record($0) }
                next.awaitConnection()
                // Its own event, which says that it is connected, comes in the next turn.
                stage.loop.atEndOfTurn { told.record(false) }
                close(ends[1])
            }
        }
        let pairs = [await stage.pair(then: closer), await stage.pair(then: closer)]
        victims.withLock { $0 = pairs }
        // Both in one batch; whichever comes first closes the other.
        await stage.onLoop { for pair in pairs { pair.say([1]) } }
        try await told.first { $0 }
        #expect(told.all.first == false)
        await stage.group.shutdown()
        // What the sockets' handlers hold holds the sockets.
        victims.withLock { $0 = [] }
        for pair in pairs {
            pair.handler.then = {}
            close(pair.peer)
        }
    }

    @Test("What a socket was given is let go when it is closed, and when its loop ends")
    func lease() async throws {
        final class Lease: Sendable {
            let isGone: Recorder<Void>
            init(_ isGone: Recorder<Void>) { self.isGone = isGone }
            deinit { isGone.record(()) }
        }
        let stage = try SocketStage()
        let isGone = Recorder<Void>()
        let (first, second) = (await stage.pair(), await stage.pair())
        await stage.onLoop {
            first.socket.lease = Lease(isGone)
            second.socket.lease = Lease(isGone)
            first.socket.close()
        }
        #expect(isGone.all.count == 1)
        await stage.group.shutdown()
        #expect(isGone.all.count == 2)
        // Whoever is at the other end sees the end; nobody on this one is told, who is gone with the loop.
        #expect(second.read(1).isEmpty)
        #expect(second.handler.heard.all.isEmpty)
        // Whoever outlives the loop may still let it go.
        second.socket.write([1])
        second.socket.close()
        #expect(!second.socket.isOpen)
        close(first.peer)
        close(second.peer)
    }
}
