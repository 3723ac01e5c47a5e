import Locking
import TestSupport
import Testing

@testable import Webhooks

/// Names that a test has.
final class TestNames: NameResolving {
    let asked = Recorder<String>()
    private let answer: @Sendable (String, Int) async -> [[UInt8]]
    private let count = Locked(0)

    /// - Parameter answer: the addresses of a name, at the first and at each further look-up, from 1.
    init(_ answer: @escaping @Sendable (String, Int) async -> [[UInt8]]) { self.answer = answer }

    func addresses(of host: String, for key: String) async -> [[UInt8]] {
        asked.record(host)
        let number = count.withLock { count in
            count += 1
            return count
        }
        return await answer(host, number)
    }
}

/// A transport that may go to what is listed, and what is sent by it.
final class TransportStage: Sendable {
    let transport: CurlTransport
    /// 07:28:00 on 21 October 2026.
    static let time: Int64 = 1_792_567_680

    init(
        listed: [String] = ["127.0.0.1"], names: TestNames = TestNames { _, _ in [] },
        _ change: (inout CurlOptions) -> Void = { _ in }
    ) throws {
        var options = CurlOptions()
        change(&options)
        let policy = DestinationPolicy(listed: try listed.map { try #require(AddressRange($0)) })
        transport = CurlTransport(options, policy: policy, names: names) { Self.time }
    }

    func request(_ url: String, _ body: [UInt8] = Array("{}".utf8)) throws -> WebhookRequest {
        WebhookRequest(
            url: try WebhookURL(url), key: "key", id: "whm_1", timestamp: Self.time, body: body, secrets: [.random()],
            traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    }

    func send(_ url: String, _ body: [UInt8] = Array("{}".utf8)) async throws -> WebhookOutcome {
        await transport.send(try request(url, body))
    }

    /// Sends to a receiver of 127.0.0.1.
    func send(to receiver: Receiver) async throws -> WebhookOutcome {
        try await send("http://127.0.0.1:\(receiver.port)/hook")
    }
}
