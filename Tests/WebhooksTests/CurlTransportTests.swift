import MSNP
import TestSupport
import Testing

@testable import Webhooks

/// What receivers do, and what becomes of it; each test's time limit is far beyond what any of them takes.
@Suite(.timeLimit(.minutes(1))) struct CurlTransportTests {
    @Test("A request has the standard's fields and the body; a connection is used again")
    func request() async throws {
        let receiver = try Receiver()
        let stage = try TransportStage { $0.userAgent = "msnp-gateway/test" }
        let body = (0..<300_000).map { UInt8($0 % 251) }
        #expect(try await stage.send("http://127.0.0.1:\(receiver.port)/a/../b?c=d", body) == .answered(status: 204))
        #expect(try await stage.send(to: receiver) == .answered(status: 204))
        let (first, second) = (receiver.requests.all[0], receiver.requests.all[1])
        #expect(first.line == "POST /a/../b?c=d HTTP/1.1")
        #expect(first.body == body)
        #expect(first.fields["host"] == "127.0.0.1:\(receiver.port)")
        #expect(first.fields["content-type"] == "application/json")
        #expect(first.fields["content-length"] == "300000")
        #expect(first.fields["webhook-id"] == "whm_1")
        #expect(first.fields["webhook-timestamp"] == "\(TransportStage.time)")
        #expect(first.fields["webhook-signature"]?.hasPrefix("v1,") == true)
        #expect(first.fields["traceparent"]?.hasPrefix("00-4bf9") == true)
        #expect(first.fields["user-agent"] == "msnp-gateway/test")
        for name in ["expect", "cookie", "authorization", "accept-encoding", "transfer-encoding"] {
            #expect(first.fields[name] == nil)
        }
        #expect(String(decoding: second.body, as: UTF8.self) == "{}")
        #expect(second.connection == first.connection)
        await stage.transport.close()
    }

    @Test(
        "The status is the answer",
        arguments: [
            ("200 OK\r\nContent-Length: 2\r\n\r\nok", .answered(status: 200)),
            ("100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", .answered(status: 202)),
            ("410 Gone\r\nContent-Length: 0\r\n\r\n", .answered(status: 410)),
            (
                "503 No\r\nretry-AFTER:  120 \r\nContent-Length: 0\r\n\r\n",
                .answered(status: 503, retryAfter: .seconds(120))
            ),
            (
                "429 No\r\nRetry-After: Wed, 21 Oct 2026 07:28:30 GMT\r\nContent-Length: 0\r\n\r\n",
                .answered(status: 429, retryAfter: .seconds(30))
            ),
            ("401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", .answered(status: 401)),
        ] as [(String, WebhookOutcome)])
    func statuses(answer: String, outcome: WebhookOutcome) async throws {
        let receiver = try Receiver { conversation, _ in conversation.say("HTTP/1.1 " + answer) }
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == outcome)
        #expect(receiver.requests.all.count == 1)
        await stage.transport.close()
    }

    @Test("A redirection is not followed", arguments: [301, 302, 303, 307, 308])
    func redirection(status: Int) async throws {
        let elsewhere = try Receiver()
        let receiver = try Receiver { conversation, _ in
            conversation.say(
                "HTTP/1.1 \(status) Moved\r\nLocation: http://127.0.0.1:\(elsewhere.port)/\r\nContent-Length: 0\r\n\r\n"
            )
        }
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == .answered(status: status))
        #expect(try await stage.send(to: receiver) == .answered(status: status))
        #expect(elsewhere.requests.all.isEmpty)
        await stage.transport.close()
    }

    @Test("An answer whose body does not end is the status that it began with")
    func cutBody() async throws {
        let receiver = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            return false
        }
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == .answered(status: 200))
        await stage.transport.close()
    }

    @Test("A head that does not end is no answer")
    func cutHead() async throws {
        let receiver = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n")
            return false
        }
        let stage = try TransportStage()
        guard case .failed = try await stage.send(to: receiver) else {
            Issue.record("taken for an answer")
            return
        }
        await stage.transport.close()
    }

    @Test("A receiver that is killed, or is not there")
    func killed() async throws {
        let receiver = try Receiver { _, _ in false }
        let closed = ClosedPort()
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == .failed(.connectionLost))
        #expect(try await stage.send("http://127.0.0.1:\(closed.address.port)/") == .failed(.unreachable))
        await stage.transport.close()
    }

    @Test(
        "A receiver that says nothing, or a byte now and then, is left when the time is over", arguments: [true, false])
    func slow(drips: Bool) async throws {
        let receiver = try Receiver { conversation, _ in
            if drips, conversation.say("HTTP/1.1 200 OK\r\nX-Slow: ") {
                conversation.drip()
            } else {
                conversation.waitForEnd()
            }
            return false
        }
        let stage = try TransportStage { $0.timeout = .milliseconds(100) }
        #expect(try await stage.send(to: receiver) == .failed(.timedOut))
        try await receiver.ends.first { $0 == 1 }
        await stage.transport.close()
    }

    @Test("A body that drips ends with the time, too; the status was said")
    func drippingBody() async throws {
        let receiver = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 200 OK\r\n\r\n")
            conversation.drip()
            return false
        }
        let stage = try TransportStage { $0.timeout = .milliseconds(300) }
        #expect(try await stage.send(to: receiver) == .answered(status: 200))
        try await receiver.ends.first { $0 == 1 }
        await stage.transport.close()
    }

    @Test(
        "Of ten megabytes 64 KiB are read",
        arguments: ["Content-Length: 10485760\r\n", "Transfer-Encoding: chunked\r\n", ""])
    func tenMegabytes(field: String) async throws {
        let wasTaken = Recorder<Bool>()
        let receiver = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 200 OK\r\n\(field)\r\n")
            let isChunked = field.hasPrefix("T")
            let piece = [UInt8](repeating: 0x61, count: 65_536)
            wasTaken.record(
                (0..<160).allSatisfy { _ in
                    conversation.say((isChunked ? Array("10000\r\n".utf8) : []) + piece + (isChunked ? [13, 10] : []))
                })
            return false
        }
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == .answered(status: 200))
        #expect(try await wasTaken.first { _ in true } == false)
        await stage.transport.close()
    }

    @Test(
        "What is no answer to HTTP/1.1, or none that ends",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{1}\u{2}", "HTTP/1.1 200 OK\r\n" + "X: y\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
        ])
    func nonsense(text: String) async throws {
        let receiver = try Receiver { conversation, _ in
            while conversation.say(text.hasPrefix("HTTP/1.1 2") ? "X-Field: value\r\n" : text) {}
            return false
        }
        let other = try Receiver { conversation, _ in
            conversation.say(text)
            while conversation.say(text.hasPrefix("HTTP/1.1 2") ? "X-Field: value\r\n" : text) {}
            return false
        }
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == .failed(.badAnswer))
        #expect(try await stage.send(to: other) == .failed(.badAnswer))
        await stage.transport.close()
    }

    @Test("A kept connection that has ended meanwhile costs nothing")
    func keptAndGone() async throws {
        let receiver = try Receiver { conversation, _ in
            conversation.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            return false
        }
        let stage = try TransportStage()
        #expect(try await stage.send(to: receiver) == .answered(status: 200))
        try await receiver.ends.first { $0 == 1 }
        #expect(try await stage.send(to: receiver) == .answered(status: 200))
        #expect(receiver.requests.all.map(\.connection) == [1, 2])
        await stage.transport.close()
    }

    @Test("A receiver that speaks no TLS")
    func noTLS() async throws {
        let receiver = try Receiver()
        // What TLS begins with is no request.
        let stage = try TransportStage { $0.timeout = .seconds(30) }
        async let outcome = stage.send("https://127.0.0.1:\(receiver.port)/")
        receiver.close()
        let ended = try await outcome
        #expect([.failed(.tlsFailed), .failed(.unreachable), .failed(.connectionLost)].contains(ended))
        await stage.transport.close()
    }

    @Test("IPv6")
    func ipv6() async throws {
        let loopback = [UInt8](repeating: 0, count: 15) + [1]
        guard let receiver = try? Receiver(loopback) else { return }
        let stage = try TransportStage(listed: ["::1"], names: TestNames { _, _ in [loopback] })
        #expect(try await stage.send("http://[::1]:\(receiver.port)/") == .answered(status: 204))
        #expect(try await stage.send("http://bot.example.com:\(receiver.port)/") == .answered(status: 204))
        #expect(
            receiver.requests.all.map { $0.fields["host"] } == [
                "[::1]:\(receiver.port)", "bot.example.com:\(receiver.port)",
            ])
        // An IPv4 address by a longer way.
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1]
        let short = try Receiver()
        let longWay = try TransportStage(names: TestNames { _, _ in [mapped] })
        #expect(try await longWay.send("http://[::ffff:127.0.0.1]:\(short.port)/") == .answered(status: 204))
        #expect(try await longWay.send("http://bot.example.com:\(short.port)/") == .answered(status: 204))
        await longWay.transport.close()
        await stage.transport.close()
    }

    @Test("An attempt that is called off ends at once, wherever it stands, and its connection with it")
    func cancelling() async throws {
        let receiver = try Receiver { conversation, _ in
            conversation.waitForEnd()
            return false
        }
        let names = TestNames { _, _ in
            try? await Task.sleep(for: .seconds(3_600))
            return []
        }
        let stage = try TransportStage(names: names) { $0.mostAttempts = 2 }
        let running = Task { try await stage.send(to: receiver) }
        _ = try await receiver.requests.first { _ in true }
        let unnamed = Task { try await stage.send("http://bot.example.com/") }
        _ = try await names.asked.first { _ in true }
        let waiting = Task { try await stage.send(to: receiver) }
        for task in [waiting, unnamed, running] {
            task.cancel()
            #expect(try await task.value == .cancelled)
        }
        try await receiver.ends.first { $0 == 1 }
        #expect(receiver.requests.all.count == 1)
        await stage.transport.close()
    }

    @Test("A transport that is closed ends what it has, and begins nothing")
    func closing() async throws {
        let receiver = try Receiver { conversation, _ in
            conversation.waitForEnd()
            return false
        }
        let stage = try TransportStage()
        let running = Task { try await stage.send(to: receiver) }
        _ = try await receiver.requests.first { _ in true }
        async let first: Void = stage.transport.close()
        async let second: Void = stage.transport.close()
        _ = await (first, second)
        #expect(try await running.value == .cancelled)
        #expect(try await stage.send(to: receiver) == .cancelled)
        await stage.transport.close()
        try await receiver.ends.first { $0 == 1 }

        let unused = try TransportStage()
        await unused.transport.close()
        #expect(try await unused.send(to: receiver) == .cancelled)
    }

    @Test("Only so many at one time; the others have their turn, and their time, afterwards")
    func turns() async throws {
        let receiver = try Receiver()
        let stage = try TransportStage { $0.mostAttempts = 2 }
        try await withThrowingTaskGroup(of: WebhookOutcome.self) { group in
            for _ in 0..<50 { group.addTask { try await stage.send(to: receiver) } }
            for try await outcome in group { #expect(outcome == .answered(status: 204)) }
        }
        #expect(receiver.requests.all.count == 50)
        #expect(receiver.mostAtOnce <= 2)
        await stage.transport.close()
    }

    @Test("Two hundred go on beside one that is stopped")
    func beside() async throws {
        let stopped = try Receiver { conversation, _ in
            conversation.waitForEnd()
            return false
        }
        let receiver = try Receiver()
        let stage = try TransportStage()
        let held = Task { try await stage.send(to: stopped) }
        _ = try await stopped.requests.first { _ in true }
        try await withThrowingTaskGroup(of: WebhookOutcome.self) { group in
            for _ in 0..<200 { group.addTask { try await stage.send(to: receiver) } }
            for try await outcome in group { #expect(outcome == .answered(status: 204)) }
        }
        held.cancel()
        #expect(try await held.value == .cancelled)
        await stage.transport.close()
    }
}
