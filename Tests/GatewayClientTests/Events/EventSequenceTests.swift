import TestSupport
import Testing

@testable import GatewayClient

/// The loop over events, with a server that does as it is told.
@Suite(.timeLimit(.minutes(2))) struct EventSequenceTests {
    private static let token = "mgt_secret"

    private func session(_ server: ScriptedHTTP, _ time: TestTime) throws -> RemoteSession {
        let gateway = RemoteGateway(try GatewayAddress(server.url), options: time.options)
        return gateway.session("s", token: try #require(GatewayCredential(Self.token)))
    }

    /// What a loop says, each in a word.
    private func words(_ events: EventSequence, _ count: Int) async throws -> [String] {
        var words: [String] = []
        for try await step in events {
            switch step {
            case .snapshot(let snapshot): words.append("snapshot \(snapshot.cursor)")
            case .event(let event): words.append("\(event.type) \(event.seq)")
            case .gap(let missed): words.append("gap \(missed.map(String.init) ?? "?")")
            case .interrupted(let error): words.append("interrupted: \(error)")
            case .resumed: words.append("resumed")
            }
            if words.count == count { break }
        }
        return words
    }

    @Test(
        "An answer that is cut, garbage, a proxy's page and 503 are waited out, told once, and nothing is missed or told twice"
    )
    func faults() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: Pages.page([Pages.message(1, "a")], next: "e.1")
            case 2:
                .cut("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"events\":[")
            case 3: .answer(200, #"{"events":"#)
            case 4: .answer(502, "<html>Bad Gateway</html>", fields: ["Content-Type: text/html"])
            case 5: ScriptedHTTP.problem(503, "reconnecting", fields: ["Retry-After: 7"])
            case 6: .cut("")
            case 7: .cut("SSH-2.0-nobody\r\n")
            case 8: Pages.page([Pages.message(2, "b"), Pages.message(3, "c")], next: "e.3")
            default: Pages.page([], next: "e.3", ended: true)
            }
        }
        let time = TestTime()
        let events = try session(server, time).events(from: .after(Cursor("e.0")), types: ["message.received"])
        #expect(
            try await words(events, .max) == [
                "message.received 1", "interrupted: the connection to the gateway was lost before its answer had come",
                "resumed", "message.received 2", "message.received 3",
            ])
        // The sixth had no word on a connection that was kept: libcurl makes it again at once, as the seventh.
        #expect(time.slept == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(7), .seconds(8)])
        let requests = server.requests.all
        #expect(requests.map { $0.target.contains("after=e.0") } == [true] + Array(repeating: false, count: 8))
        #expect(requests.dropFirst().dropLast().allSatisfy { $0.target.contains("after=e.1") })
        #expect(
            requests.allSatisfy {
                $0.target.hasPrefix("/v1/sessions/s/events?") && $0.target.contains("types=message.received")
            })
        #expect(requests.allSatisfy { $0.field("authorization") == "Bearer \(Self.token)" })
        try await server.stop()
    }

    @Test("Now is asked for before anything is waited for, so that nothing is missed while a poll is lost")
    func now() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1: Pages.page([], next: "e.4")
            case 2: .cut("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
            case 3: Pages.page([Pages.message(5, "a")], next: "e.5")
            default: Pages.page([], next: "e.5", ended: true)
            }
        }
        let said = try await words(try session(server, TestTime()).events(from: .now), .max)
        #expect(said.dropFirst() == ["resumed", "message.received 5"])
        let targets = server.requests.all.map(\.target)
        #expect(targets.map { $0.contains("after=now") } == [true, false, false, false])
        #expect(targets.map { $0.contains("wait=0") } == [true, false, false, false])
        #expect(targets[2].contains("after=e.4"))
        try await server.stop()
    }

    @Test("What is no longer kept is a gap with its number, and a loop that began with a snapshot takes another")
    func gap() async throws {
        let server = try await ScriptedHTTP.start { request in
            switch request.number {
            case 1, 3:
                .answer(
                    200,
                    """
                    {"cursor":"e.\(request.number)","contacts":[],"conversations":[],"privacy":{"unknownContacts":"allow",\
                    "promptOnAdd":true},"session":{"id":"s","account":"a@b.c","displayName":"A","state":"online","status":"busy",\
                    "backend":"x","createdAt":"2026-01-02T03:04:05.678Z","cursor":"e.\(request.number)"}}
                    """)
            case 2: ScriptedHTTP.problem(410, "cursor-expired", more: #","missed":12,"oldest":"e.9""#)
            case 4: ScriptedHTTP.problem(410, "cursor-expired")
            default: ScriptedHTTP.problem(404, "not-found")
            }
        }
        let session = try session(server, TestTime())
        var said: [String] = []
        await #expect(throws: GatewayError.self) {
            for try await step in session.events() {
                switch step {
                case .snapshot(let snapshot): said.append("snapshot \(snapshot.cursor) \(snapshot.session.status)")
                case .gap(let missed): said.append("gap \(missed.map(String.init) ?? "?")")
                default: said.append("\(step)")
                }
            }
        }
        #expect(said == ["snapshot e.1 busy", "gap 12", "snapshot e.3 busy", "gap ?"])
        #expect(server.requests.all.map(\.number).last == 5)
        try await server.stop()
    }

    @Test("An event of a type that nobody knows, or that lacks something, is unknown and has all that came")
    func unknown() async throws {
        let server = try await ScriptedHTTP.start { _ in
            Pages.page(
                [
                    Pages.event(1, "moon.risen", #"{"phase":0.5,"names":["a",null]}"#),
                    Pages.event(2, "typing", #"{"group":false}"#),
                    Pages.event(3, "presence.own", #"{"forced":false,"status":"dancing","since":1}"#),
                ], next: "e.3", ended: true)
        }
        var events: [Event] = []
        for try await case .event(let event) in try session(server, TestTime()).events(from: .oldest) {
            events.append(event)
        }
        #expect(events.map(\.content).prefix(2) == [.unknown, .unknown])
        #expect(events.first?.data == ["phase": .number(0.5), "names": ["a", .null]])
        guard case .presenceOwn(let own)? = events.last?.content else {
            Issue.record("\(events)")
            return
        }
        #expect(own.status == .other("dancing"))
        // As a poll has it, byte for byte.
        #expect(
            String(decoding: events[2].json, as: UTF8.self)
                == Pages.event(3, "presence.own", #"{"forced":false,"since":1,"status":"dancing"}"#))
        try await server.stop()
    }

    @Test("A task that is cancelled ends the request that waits, and the loop")
    func cancellation() async throws {
        let server = try await ScriptedHTTP.start { _ in .silence }
        let events = try session(server, TestTime()).events(from: .now)
        let task = Task { () -> GatewayError? in
            do throws(GatewayError) {
                for try await _ in events {}
                return nil
            } catch {
                return error
            }
        }
        try await server.requests.first { _ in true }
        task.cancel()
        #expect(await task.value == .cancelled)
        // The connection is closed, and not kept with an answer to come.
        try await server.closed.first { $0 == 1 }
        try await server.stop()
    }
}
