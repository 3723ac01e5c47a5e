import Foundation
import HTTPFront
import MSNP
import TestSupport
import Testing

@testable import Gateway

/// Somebody who is signed in, and what he can do.
struct OpenedSession: Sendable {
    let harness: GatewayHarness
    let id: String
    let token: String
    var path: String { "/v1/sessions/\(id)" }

    init(_ harness: GatewayHarness, _ opened: (id: String, token: String)) {
        self.harness = harness
        (id, token) = opened
    }

    /// Signs in as alice.
    init(_ harness: GatewayHarness) async throws {
        self.init(harness, try await harness.signIn("alice@example.com"))
    }

    func call(_ method: String, _ path: String = "", _ json: String? = nil) async -> TestAnswer {
        await begin(method, path, json).answer()
    }

    func begin(_ method: String, _ path: String = "", _ json: String? = nil) -> PendingCall {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        return harness.begin(
            method, self.path + path, token: token, body: json.map { Array($0.utf8) },
            headers: json == nil ? [] : [("Content-Type", type)])
    }

    /// What a call comes to whose command the server leaves unanswered.
    func unanswered(
        _ method: String, _ path: String = "", _ json: String? = nil, command: String, _ server: ScriptedServer
    ) async throws -> TestAnswer {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        return try await harness.unanswered(
            method, self.path + path, token: token, session: id, json: json,
            headers: json == nil ? [] : [("Content-Type", type)], command: command, server)
    }

    func get(_ path: String = "") async -> TestAnswer { await call("GET", path) }

    /// Returns once everything that the server has said so far has come: what it answers stands behind that.
    func fence() async throws {
        let answer = await get("/services/inbox")
        try #require(answer.status == 200, "\(answer.text)")
    }

    func cursor() async throws -> String { try await get().string("cursor") }

    /// What has happened since a cursor, which moves on.
    func events(
        after cursor: inout String, _ types: String = "contact.*,privacy.changed,phones.changed"
    ) async throws -> [[String: JSONValue]] {
        let page = await get("/events?after=\(cursor)&wait=0&limit=500&types=\(types)")
        try #require(page.status == 200, "\(page.text)")
        cursor = try page.string("next")
        return page.events
    }

    /// Reads on until the session is in that state.
    func reaches(_ state: String) async throws {
        var seen = await get()
        while try seen.string("state") != state {
            try #require(try state == "ended" || seen.string("state") != "ended", "\(seen.text)")
            let cursor = try seen.string("cursor")
            _ = await get("/events?after=\(cursor)&types=session.state")
            seen = await get()
        }
    }
}

/// An event's type and data.
struct Told: Equatable, CustomStringConvertible {
    let type: String
    let data: JSONValue?

    init(_ type: String, _ json: String) { (self.type, data) = (type, try? JSONValue(json)) }

    init(_ event: [String: JSONValue]) { (type, data) = (event["type"]?.text ?? "", event["data"]) }

    var description: String { "\(type) \(data.map { "\($0)" } ?? "without data")" }
}

/// What tests read, Foundation takes apart: what the gateway's own writer and reader agree on could still be wrong.
extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            let members = try container.decode([String: JSONValue].self)
            self = .object(
                Dictionary(uniqueKeysWithValues: members.map { (MemberName(stringLiteral: $0.key), $0.value) }))
        }
    }

    init(_ text: String) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }
}

extension TestAnswer {
    /// The whole body.
    var json: JSONValue? { try? JSONValue(text) }
}
