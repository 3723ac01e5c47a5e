import HTTPFront
import TestSupport
import Testing

/// What is gathered for many requests reaches each loop in one message.
@Suite struct DeliveriesTests {
    /// Notes what it is told, one record for each message.
    private final class Loop: DeliveryTarget {
        let messages = Recorder<[String]>()

        func take(_ deliveries: [Deliveries.Item]) {
            messages.record(
                deliveries.map { delivery in
                    switch delivery {
                    case .response(_, let response): String(decoding: response.body, as: UTF8.self)
                    case .wake: "wake"
                    }
                })
        }
    }

    /// A request that `loop` holds.
    private func parked(at loop: Loop) -> ParkedRequest {
        let request = ParkedRequest(timeout: .seconds(600), releasedWith: { _ in Response(status: 500) })
        request.park(at: loop)
        return request
    }

    private func answer(_ request: ParkedRequest, _ text: String, _ deliveries: inout Deliveries) -> Bool {
        deliveries.answer(request, with: Response(status: 200, text: text))
    }

    @Test func eachLoopHearsOnce() {
        let (first, second) = (Loop(), Loop())
        var deliveries = Deliveries()
        let isEmpty1 = deliveries.isEmpty
        #expect(isEmpty1)
        let signal = StreamSignal(to: first)
        for number in 1...3 {
            #expect(answer(parked(at: first), "\(number)", &deliveries))
            #expect(answer(parked(at: second), "\(-number)", &deliveries))
            deliveries.wake(signal)
        }
        let wasEmpty2 = deliveries.isEmpty
        #expect(!wasEmpty2)
        #expect(first.messages.all.isEmpty && second.messages.all.isEmpty)
        deliveries.deliver()
        let isEmpty3 = deliveries.isEmpty
        #expect(isEmpty3)
        #expect(first.messages.all == [["1", "wake", "2", "3"]])
        #expect(second.messages.all == [["-1", "-2", "-3"]])
        deliveries.deliver()
        #expect(first.messages.all.count == 1)
        // Told once and not looked at, it is told no more; and again from then on.
        deliveries.wake(signal)
        let isEmpty4 = deliveries.isEmpty
        #expect(isEmpty4)
        signal.noted()
        deliveries.wake(signal)
        deliveries.deliver()
        #expect(first.messages.all.last == ["wake"])
    }

    @Test func theFirstAnswerCounts() {
        let loop = Loop()
        let request = parked(at: loop)
        var deliveries = Deliveries()
        #expect(answer(request, "first", &deliveries))
        #expect(request.hasEnded)
        #expect(!request.answer(Response(status: 200, text: "second")))
        #expect(!answer(request, "third", &deliveries))
        deliveries.deliver()
        #expect(loop.messages.all == [["first"]])
    }

    @Test func whatIsLeftIsDeliveredAtTheEnd() {
        let loop = Loop()
        func forget() {
            var deliveries = Deliveries()
            deliveries.answer(parked(at: loop), with: Response(status: 200, text: "left"))
        }
        forget()
        #expect(loop.messages.all == [["left"]])
    }

    /// Parked requests and streams of all loops, over sockets.
    @Test func theyReachEverybody() async throws {
        let parked = Recorder<ParkedRequest>()
        let began = Count()
        let source = PieceSource()
        let handler = TestHandler { head in
            guard head.path == "/wait" else { return .answer(.stream(source.streaming)) }
            return .answer(
                .park(
                    ParkedRequest(
                        timeout: .seconds(600),
                        began: {
                            parked.record($0)
                            began.add()
                        }, releasedWith: { _ in Response(status: 500) }))
            )
        }
        try await withServer(handler, loops: 4) { server in
            var waiting: [RawClient] = []
            var streaming: [RawClient] = []
            for _ in 1...40 {
                waiting.append(try await RawClient.connect(to: server))
                try await waiting.last?.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
                streaming.append(try await RawClient.connect(to: server))
                try await streaming.last?.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try await streaming.last?.response(toHead: true)
            }
            try await began.reaches(40)
            source.finishUnheard()
            var deliveries = Deliveries()
            for request in parked.all { deliveries.answer(request, with: Response(status: 200, text: "there")) }
            for signal in source.began.all { deliveries.wake(signal) }
            deliveries.deliver()
            for client in waiting { #expect(try await client.response().text == "there") }
            for client in streaming { _ = try await client.end() }
        }
        #expect(source.ended.value == 40)
    }
}
