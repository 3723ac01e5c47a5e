import Locking
import Loops
import TestSupport
import Testing

@testable import HTTPFront

/// Turns that have others wait are found, with what they did.
@Suite(.timeLimit(.minutes(2))) struct TurnWatchTests {
    /// A time that passes when a test says so.
    private final class Time: Sendable {
        private let time = Locked(MonotonicInstant.now)

        var now: MonotonicInstant { time.withLock { $0 } }

        func pass(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    @Test func onlyItsOwnTimeIsCounted() {
        let time = Time()
        var watch = TurnWatch { time.now }
        watch.begin()
        time.pass(.seconds(1))
        watch.resume(at: time.now)
        time.pass(.milliseconds(2))
        watch.pause(at: time.now)
        // The time of whoever else lives on the loop.
        time.pass(.seconds(1))
        watch.resume(at: time.now)
        watch.enter(.library)
        time.pass(.milliseconds(3))
        watch.pause(at: time.now)
        #expect(watch.spent == .milliseconds(5))
        let turn = watch.end(.seconds(2))
        #expect(turn.duration == .seconds(2))
        #expect(turn.part == .library && turn.partDuration == .milliseconds(3))
    }

    @Test func thePartThatTookLongestIsNamed() throws {
        let time = Time()
        var watch = TurnWatch { time.now }
        watch.begin()
        watch.resume(at: time.now)
        time.pass(.milliseconds(1))
        watch.enter(.mailbox)
        time.pass(.milliseconds(20))
        watch.enter(.library)
        time.pass(.milliseconds(2))
        for (path, milliseconds) in [("/quick", 10), ("/slow", 15), ("/quick", 14)] {
            let before = watch.enter(.handler)
            #expect(before == .library)
            time.pass(.milliseconds(milliseconds))
            watch.handled(RequestHead(method: "GET", path: path), next: before)
        }
        time.pass(.milliseconds(3))
        watch.pause(at: time.now)
        #expect(watch.spent == .milliseconds(65))
        let turn = watch.end(watch.spent)
        #expect(turn.duration == .milliseconds(65))
        #expect(turn.part == .handler)
        #expect(turn.partDuration == .milliseconds(39))
        #expect(turn.slowest?.path == "/slow")
        // Nothing of it is left in the next one.
        watch.begin()
        watch.resume(at: time.now)
        watch.enter(.deadlines)
        time.pass(.milliseconds(60))
        watch.pause(at: time.now)
        let next = watch.end(.milliseconds(60))
        #expect(next.part == .deadlines && next.partDuration == .milliseconds(60))
        #expect(next.slowest == nil)
    }

    @Test func aLoopTellsOfItsLongTurns() async throws {
        let time = Time()
        let handler = TestHandler { head in
            if head.path == "/slow" { time.pass(.milliseconds(70)) }
            return .answer(.now(Response(status: 200, text: head.path)))
        }
        try await withServer(handler, loops: 1, change: { $0.turnTime = { time.now } }) { server in
            let client = try await RawClient.connect(to: server)
            for path in ["/quick", "/slow", "/quick"] {
                try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().text == path)
            }
            let turn = try await handler.longTurns.first { _ in true }
            #expect(turn.duration == .milliseconds(70))
            #expect(turn.part == .handler)
            #expect(turn.partDuration == .milliseconds(70))
            #expect(turn.slowest?.path == "/slow")
            #expect(server.statistics.longTurns == 1)
            #expect(handler.longTurns.all.count == 1)
        }
    }

    @Test func aSlowStreamIsNamedAsOne() async throws {
        let time = Time()
        let isWhole = Locked(false)
        let streaming = Streaming(
            Response(status: 200), heartbeatInterval: .seconds(600), began: { _ in },
            next: { _ in
                if isWhole.withLock({ $0 }) { return .end }
                isWhole.withLock { $0 = true }
                time.pass(.seconds(1))
                return .bytes(Array("all".utf8))
            }, heartbeat: { [] }, refused: { Response(status: 503) }, ended: {})
        let handler = TestHandler { _ in .answer(.stream(streaming)) }
        try await withServer(handler, loops: 1, change: { $0.turnTime = { time.now } }) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await client.end()
            let turn = try await handler.longTurns.first { _ in true }
            #expect(turn.part == .streams)
            #expect(turn.partDuration == .seconds(1))
        }
    }
}
