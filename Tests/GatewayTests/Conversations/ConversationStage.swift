import HTTPFront
import Testing

@testable import Gateway

/// Somebody signed in, with what tests of conversations ask of them.
struct ConversationStage: Sendable {
    let harness: GatewayHarness
    let id: String
    let token: String

    init(_ harness: GatewayHarness, _ account: String) async throws {
        self.harness = harness
        (id, token) = try await harness.signIn(account)
    }

    var path: String { "/v1/sessions/\(id)" }

    func call(_ method: String, _ place: String, _ json: String? = nil) async -> TestAnswer {
        await harness.call(method, path + place, token: token, json: json)
    }

    func begin(_ place: String, _ json: String, prefer: String? = nil) -> PendingCall {
        var headers: HeaderFields = []
        if let prefer { headers.add("Prefer", prefer) }
        return harness.begin("POST", path + place, token: token, body: Array(json.utf8), headers: headers)
    }

    /// All events of conversations, once as many of a type are there as are wanted.
    func events(_ type: String, _ count: Int = 1) async throws -> [[String: JSONValue]] {
        let types = "types=conversation.*,participant.*,message.*,typing,invitation.*,session.state"
        var events: [[String: JSONValue]] = []
        var after = "oldest"
        while events.count(where: { $0["type"]?.text == type }) < count {
            let answer = await call("GET", "/events?after=\(after)&limit=500&\(types)")
            try #require(answer.status == 200, "\(answer.text)")
            events += answer.events
            after = try answer.string("next")
        }
        return events.filter { $0["type"]?.text != "session.state" || $0["data"]?["state"]?.text == "ended" }
    }

    /// The data of the last event of a type, once so many are there.
    func data(_ type: String, _ count: Int = 1) async throws -> JSONValue? {
        try await events(type, count).last { $0["type"]?.text == type }?["data"]
    }
}
