import HTTPFront
import Locking
import TestSupport
import Testing

@Suite struct ParkingTests {
    private static let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Parks everything, and says what happens.
    private struct Lot {
        let began = Recorder<ParkedRequest>()
        let released = Recorder<ParkedRequest.Release>()
        let abandoned = Count()

        func handler(timeout: Duration = .seconds(600)) -> TestHandler {
            TestHandler { [self] _ in
                .answer(
                    .park(
                        ParkedRequest(
                            timeout: timeout, began: { began.record($0) },
                            releasedWith: { reason in
                                released.record(reason)
                                return Response(status: 200, text: "\(reason)")
                            }, abandoned: { abandoned.add() })))
            }
        }
    }

    @Test func anotherThreadAnswers() async throws {
        let lot = Lot()
        try await withServer(lot.handler()) { server in
            let client = try await RawClient.connect(to: server)
            for number in 1...3 {
                try await client.send(Self.request)
                let parked = try await lot.began.first { !$0.hasEnded }
                #expect(server.statistics.parked == 1)
                #expect(parked.answer(Response(status: 200, text: "\(number)")))
                #expect(!parked.answer(Response(status: 200, text: "too late")))
                #expect(try await client.response().text == "\(number)")
                #expect(server.statistics.parked == 0)
            }
            client.close()
        }
        #expect(lot.released.all == [])
        #expect(lot.abandoned.value == 0)
    }

    @Test func itMayBeAnsweredAtOnce() async throws {
        let handler = TestHandler { _ in
            .answer(
                .park(
                    ParkedRequest(
                        timeout: .seconds(600), began: { $0.answer(Response(status: 200, text: "now")) },
                        releasedWith: { _ in Response(status: 500) })))
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            for _ in 1...100 {
                try await client.send(Self.request)
                #expect(try await client.response().text == "now")
            }
        }
    }

    @Test func aWaitEndsWithItsTime() async throws {
        let lot = Lot()
        try await withServer(lot.handler(timeout: .milliseconds(20))) { server in
            let client = try await RawClient.connect(to: server)
            for _ in 1...3 {
                try await client.send(Self.request)
                #expect(try await client.response().text == "timedOut")
            }
        }
        #expect(lot.released.all == [.timedOut, .timedOut, .timedOut])
        #expect(lot.began.all.allSatisfy { $0.hasEnded })
    }

    @Test func aWaitWithoutTimeIsReleased() async throws {
        let lot = Lot()
        try await withServer(lot.handler(timeout: .seconds(-1))) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            #expect(try await client.response().text == "timedOut")
        }
    }

    @Test func aClientThatLeavesIsNoticed() async throws {
        let lot = Lot()
        try await withServer(lot.handler()) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            let parked = try await lot.began.first { _ in true }
            client.close()
            try await lot.abandoned.reaches(1)
            #expect(!parked.answer(Response(status: 200)))
        }
        #expect(lot.abandoned.value == 1)
        #expect(lot.released.all == [])
    }

    @Test func aClientThatClosesItsHalfHasLeft() async throws {
        let lot = Lot()
        try await withServer(lot.handler()) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            try await client.closeSending()
            try await lot.abandoned.reaches(1)
            #expect(try await client.end() == [])
        }
    }

    /// The end is reported once, while the first request waits or before: the second one's wait ends all the same.
    @Test func aClientThatHasLeftBeforeItsWaitIsNoticed() async throws {
        let lot = Lot()
        let handler = TestHandler { head in
            head.path == "/wait"
                ? lot.handler().onReceive(head) : .answer(.now(Response(status: 200, text: "first")))
        }
        try await withServer(handler) { server in
            for round in 1...50 {
                let client = try await RawClient.connect(to: server)
                try await client.send(Self.request + "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
                try await client.closeSending()
                #expect(try await client.response().text == "first")
                try await lot.abandoned.reaches(round)
                #expect(try await client.end() == [])
            }
            #expect(server.statistics.parked == 0)
        }
    }

    @Test func whatIsSentMeanwhileWaits() async throws {
        let lot = Lot()
        try await withServer(lot.handler()) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request + Self.request)
            let first = try await lot.began.first { _ in true }
            try await client.send(Self.request)
            #expect(lot.began.all.count == 1)
            first.answer(Response(status: 200, text: "1"))
            #expect(try await client.response().text == "1")
            let second = try await lot.began.first { $0 !== first }
            second.answer(Response(status: 200, text: "2"))
            #expect(try await client.response().text == "2")
            let third = try await lot.began.first { $0 !== first && $0 !== second }
            third.answer(Response(status: 200, text: "3"))
            #expect(try await client.response().text == "3")
        }
    }

    @Test func whatComesInPiecesAroundAnAnswerIsRead() async throws {
        let lot = Lot()
        try await withServer(lot.handler(), loops: 1, daemonsPerLoop: 1) { server in
            let client = try await RawClient.connect(to: server)
            let (beginning, rest) = ("GET / HTTP/1.1\r\nHo", "st: x\r\n\r\n")
            try await client.send(Self.request + beginning)
            for round in 1...20 {
                let parked = try await lot.began.first { !$0.hasEnded }
                // Before the answer, with it, and behind it.
                if round % 3 == 0 { try await client.send(rest) }
                parked.answer(Response(status: 200, text: "\(round)"))
                if round % 3 == 1 { try await client.send(rest) }
                #expect(try await client.response().text == "\(round)")
                if round % 3 == 2 { try await client.send(rest) }
                try await client.send(beginning)
            }
        }
    }

    @Test func manyOfOneDaemonAreAnsweredTogether() async throws {
        let lot = Lot()
        try await withServer(lot.handler(), loops: 1, daemonsPerLoop: 1) { server in
            var clients: [RawClient] = []
            for _ in 1...20 { clients.append(try await RawClient.connect(to: server)) }
            for round in 1...10 {
                for client in clients { try await client.send(Self.request) }
                while lot.began.all.count < round * clients.count { await Task.yield() }
                let waiting = lot.began.all.suffix(clients.count)
                for parked in waiting { parked.answer(Response(status: 200, text: "\(round)")) }
                for client in clients { #expect(try await client.response().text == "\(round)") }
            }
            for client in clients { client.close() }
            while server.statistics.connections > 0 { await Task.yield() }
        }
    }

    @Test func aClientThatLeavesBehindItsAnswerIsNoticed() async throws {
        let lot = Lot()
        try await withServer(lot.handler(), loops: 1, daemonsPerLoop: 1) { server in
            for round in 1...10 {
                let client = try await RawClient.connect(to: server)
                try await client.send(Self.request)
                let parked = try await lot.began.first { !$0.hasEnded }
                parked.answer(Response(status: 200, text: "x"))
                if round % 2 == 0 { #expect(try await client.response().text == "x") }
                client.close()
                while server.statistics.connections > 0 { await Task.yield() }
            }
        }
    }

    @Test func aRequestWithABodyWaitsToo() async throws {
        let parked = Recorder<ParkedRequest>()
        let handler = TestHandler { head in
            let parking = ParkedRequest(
                timeout: .seconds(600), began: { parked.record($0) }, releasedWith: { _ in Response(status: 500) })
            return head.path == "/unread"
                ? .answer(.park(parking))
                : .readBody(limit: 10, tooLarge: { Response(status: 413) }) { _ in .park(parking) }
        }
        try await withServer(handler) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            try await parked.first { _ in true }.answer(Response(status: 200, text: "1"))
            #expect(try await client.response().text == "1")
            try await client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            try await parked.first { !$0.hasEnded }.answer(Response(status: 200, text: "2"))
            let response = try await client.response()
            #expect(response.text == "2")
            #expect(response.headers["Connection"] == "close")
            #expect(try await client.end() == [])
        }
    }

    @Test func anAnswerAfterTheEndGoesNowhere() async throws {
        let lot = Lot()
        let released = try await withServer(lot.handler()) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(Self.request)
            let parked = try await lot.began.first { _ in true }
            async let stopped: Void = server.stop(grace: .seconds(60))
            #expect(try await client.response().text == "shuttingDown")
            await stopped
            return parked
        }
        #expect(!released.answer(Response(status: 200)))
    }
}
