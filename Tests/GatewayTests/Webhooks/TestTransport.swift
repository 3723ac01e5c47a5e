import Foundation
import Locking
import TestSupport
import Testing

@testable import Gateway
@testable import Webhooks

/// Endpoints that answer what a test says, when it says so.
final class TestTransport: WebhookTransport {
    /// What one attempt had.
    struct Sent: Sendable {
        let number: Int
        let url: String
        let fields: [String: String]
        let body: [UInt8]

        var id: String { fields["webhook-id"] ?? "" }
        var signatures: [String] { fields["webhook-signature"]?.split(separator: " ").map(String.init) ?? [] }
        var timestamp: Int64? { fields["webhook-timestamp"].flatMap { Int64($0) } }
        /// In which trace it is; nil where that is none.
        var trace: TraceParent.Identifier? { fields["traceparent"].flatMap { TraceParent(parsing: $0)?.trace } }

        private var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(body)) }
        var webhook: String? { json?["webhookId"]?.text }
        var next: String? { json?["next"]?.text }
        var events: [[String: JSONValue]] {
            guard case .array(let events)? = json?["events"] else { return [] }
            return events.compactMap(\.members)
        }
        var types: [String] { events.compactMap { $0["type"]?.text } }
        /// Of `session.updated`, which tests have sessions tell.
        var names: [String] { events.compactMap { $0["data"]?["displayName"]?.text } }
        /// Of gaps; nil where nobody knows how many.
        var missed: [Double?] {
            events.filter { $0["type"]?.text == "journal.gap" }.map { event in
                if case .number(let missed)? = event["data"]?["missed"] { missed } else { nil }
            }
        }
    }

    private struct State: Sendable {
        var made = 0
        var waiting: [Int: CheckedContinuation<WebhookOutcome, Never>] = [:]
        /// Answers at once; nil for those that wait for the test.
        var answers: @Sendable (Sent) -> WebhookOutcome? = { _ in nil }
        var isClosed = false
        var policy: DestinationPolicy?
    }

    /// All attempts, in their order.
    let sent = Recorder<Sent>()
    private let state = Locked(State())
    /// Why nothing can be sent; nil where something can.
    private let missing: String?

    init(missing: String? = nil) { self.missing = missing }

    var inFlight: Int { state.withLock { $0.waiting.count } }
    /// What it was told last of where requests may go.
    var policy: DestinationPolicy? { state.withLock { $0.policy } }

    /// From now on so many are answered at once, and those for which this is nil wait.
    func answer(_ answers: @escaping @Sendable (Sent) -> WebhookOutcome?) { state.withLock { $0.answers = answers } }

    /// Answers one that waits.
    func answer(_ sent: Sent, _ outcome: WebhookOutcome = .answered(status: 204)) {
        state.withLock { $0.waiting.removeValue(forKey: sent.number) }?.resume(returning: outcome)
    }

    /// The next attempt after so many, and all before it.
    func attempt(_ number: Int) async throws -> Sent { try await sent.first { $0.number == number } }

    func prepare() throws(WebhookTransportError) {
        if let missing { throw WebhookTransportError(description: missing) }
    }

    func use(_ policy: DestinationPolicy) { state.withLock { $0.policy = policy } }

    func send(_ request: WebhookRequest) async -> WebhookOutcome {
        let number = state.withLock { state in
            state.made += 1
            return state.made
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sent = Sent(
                    number: number, url: request.url.text, fields: Self.fields(request.fields), body: request.body)
                let outcome: WebhookOutcome? = state.withLock { state in
                    if state.isClosed { return .cancelled }
                    if let outcome = state.answers(sent) { return outcome }
                    state.waiting[number] = continuation
                    return nil
                }
                self.sent.record(sent)
                if let outcome { continuation.resume(returning: outcome) }
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: .cancelled)
    }

    func close() async {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(returning: .cancelled) }
    }

    private static func fields(_ lines: [String]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (String(parts[0]), String(parts[1].dropFirst()))
            })
    }
}
