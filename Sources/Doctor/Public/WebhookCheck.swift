import Digests
import Encodings
import FoundationEssentials
import Gateway
package import HTTPFront
package import MSNP

/// Where the doctor waits for the gateway's webhook.
package struct WebhookTarget: Equatable, Sendable {
    /// Where it listens.
    package let listen: ListenAddress
    /// Under which address the gateway reaches that; nil for the same.
    package let url: WebAddress?

    package init(listen: ListenAddress, url: WebAddress?) { (self.listen, self.url) = (listen, url) }
}

/// Whether a webhook makes its way from the gateway to a receiver.
struct WebhookCheck: Check {
    static let name = "webhook"
    /// Seconds for an attempt and what it may have to wait for.
    private static let patience = 40

    let target: WebhookTarget?
    let key: Secret?
    let client: any HTTPAsking

    func run(_ visit: inout Visit) async -> [CheckResult] { [CheckResult(Self.name, await outcome(visit))] }

    private func outcome(_ visit: Visit) async -> CheckResult.Outcome {
        if let reason = visit.reasonForNoSecrets { return .notTried(reason) }
        guard let target else {
            return .notTried("nobody has said where the gateway could send one (--webhook-listen HOST:PORT)")
        }
        guard let key else { return .notTried("webhooks belong to an API key (--key-file)") }
        let receiver = WebhookReceiver()
        let server: HTTPServer
        do throws(HTTPServerError) {
            server = try HTTPServer.start(
                HTTPConfiguration(listen: target.listen, loops: 1, daemonsPerLoop: 1, maximumConnections: 16), receiver)
        } catch {
            return .notTried("nobody can listen there: \(error)")
        }
        let url = (target.url?.origin ?? "http://\(server.address)") + receiver.path
        let outcome: CheckResult.Outcome
        do throws(HTTPFailure) {
            outcome = try await roundTrip(url, key, receiver, visit.leftovers)
        } catch {
            outcome = .notTried("no answer came")
        }
        await server.stop(grace: .seconds(1))
        return outcome
    }

    private func roundTrip(
        _ url: String, _ key: Secret, _ receiver: WebhookReceiver, _ leftovers: Leftovers
    ) async throws(HTTPFailure) -> CheckResult.Outcome {
        var creation = request("POST", "/v1/webhooks", key)
        creation.fields.append(("content-type", "application/json"))
        var json = JSONWriter()
        json.object { json in
            json.member("types", [EventReader.rarestEvent])
            json.member("url", url)
        }
        creation.body = json.bytes
        let created = try await client.ask(creation)
        guard created.status == 201, let id = MadeWebhook(created)?.webhook.id else {
            return Self.judgeCreation(created, url)
        }
        leftovers.note(request("DELETE", "/v1/webhooks/\(id)", key))
        let tested = try await client.ask(request("POST", "/v1/webhooks/\(id)/test", key))
        return Self.judge(tested, url, hasArrived: receiver.hasHeard)
    }

    private func request(_ method: String, _ path: String, _ key: Secret) -> HTTPRequest {
        var request = HTTPRequest(method, path)
        request.patience = Self.patience
        request.authorize(key)
        return request
    }

    /// What it comes to that none could be made.
    static func judgeCreation(_ answer: HTTPAnswer, _ url: String) -> CheckResult.Outcome {
        guard answer.status == 400 else { return .notTried("POST /v1/webhooks is \(ProblemText.said(answer))") }
        return .found(refusal("POST /v1/webhooks refuses \(WebAddress(parsing: url)?.origin ?? "the URL") with 400"))
    }

    /// What an attempt came to.
    static func judge(_ answer: HTTPAnswer, _ url: String, hasArrived: Bool) -> CheckResult.Outcome {
        let origin = WebAddress(parsing: url)?.origin ?? "the URL"
        guard answer.status == 200, let attempt = WebhookAttemptText(answer) else {
            return .notTried("POST …/test is \(ProblemText.said(answer))")
        }
        if attempt.outcome == "accepted", hasArrived { return .sound("accepted in \(attempt.milliseconds) ms") }
        if attempt.outcome == "addressRefused" {
            return .found(refusal("the attempt at \(origin) ends with addressRefused"))
        }
        let status = attempt.status.map { ", status \($0)" } ?? ""
        let evidence =
            attempt.outcome == "accepted"
            ? "somebody else than the doctor accepts it at \(origin)"
            : "the attempt at \(origin) ends with \(attempt.outcome)\(status)"
        return .found(
            Finding(
                .webhookFailed, seen: evidence,
                change:
                    "see that the gateway's machine reaches the address (firewall, name, certificate), or set webhooks.proxy"
            ))
    }

    private static func refusal(_ evidence: String) -> Finding {
        Finding(
            .webhookRefused, seen: evidence,
            change:
                "list the address in webhooks.allowedAddresses, where receivers that are not public are meant to be reached"
        )
    }
}

/// What is read of the answer to `POST /v1/webhooks`; its secret is not.
private struct MadeWebhook: Decodable {
    struct Webhook: Decodable {
        let id: String
    }

    let webhook: Webhook

    init?(_ answer: HTTPAnswer) {
        guard let made = try? JSONDecoder().decode(Self.self, from: Data(answer.body)),
            made.webhook.id.utf8.count <= 100,
            made.webhook.id.utf8.allSatisfy({ $0 > 0x2F && $0 < 0x7B || $0 == UInt8(ascii: "-") })
        else { return nil }
        self = made
    }
}

/// What is read of an attempt.
private struct WebhookAttemptText: Decodable {
    let outcome: String
    let milliseconds: Int
    let status: Int?

    init?(_ answer: HTTPAnswer) {
        guard let attempt = try? JSONDecoder().decode(Self.self, from: Data(answer.body)),
            attempt.outcome.utf8.count <= 40
        else { return nil }
        self = attempt
    }
}
