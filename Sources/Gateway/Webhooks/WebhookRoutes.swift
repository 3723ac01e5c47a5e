import ByteText
import HTTPFront
import Locking
import Storage
import Webhooks

/// `/v1/webhooks`: the events of a key's sessions, sent to whoever is to have them.
///
/// A webhook belongs to the key that made it. An administrator sees those of all keys, without their URLs' queries, and may
/// switch one off and on and test it; to everybody else there are only their own.
struct WebhookRoutes: Sendable {
    let webhooks: WebhookRegistry
    let keys: APIKeyStore?

    var routes: [Route] {
        [
            Route(
                "/v1/webhooks",
                [
                    "GET": Endpoint(access: .key, telling: .kept(isUnwritten: isUnwritten)) { call throws(Problem) in
                        list(call)
                    },
                    "POST": Endpoint(access: .key, body: .json, asksServer: true, run: make),
                ]),
            Route(
                "/v1/webhooks/{id}",
                [
                    "GET": Endpoint(access: .key, telling: .kept(isUnwritten: isUnwritten)) { call throws(Problem) in
                        .now(.json(resource(of: try webhook(call, orOfAnybodyForAdmin: true), for: call)))
                    },
                    "PATCH": Endpoint(access: .key, body: .patch, asksServer: true, run: change),
                    "DELETE": Endpoint(access: .key, produces: [], asksServer: true) { call throws(Problem) in
                        webhooks.remove(try webhook(call))
                        return .now(.noContent)
                    },
                ]),
            Route("/v1/webhooks/{id}/secret", ["POST": Endpoint(access: .key, asksServer: true, run: rotate)]),
            Route("/v1/webhooks/{id}/test", ["POST": Endpoint(access: .key, asksServer: true, run: test)]),
            Route(
                "/v1/webhooks/{id}/replay", ["POST": Endpoint(access: .key, body: .json, asksServer: true, run: replay)]
            ),
        ]
    }

    static let nothingHere = Problem(.notFound, "There is nothing at this path.")
    static let noSecret = Problem(
        .secretNotKept, "The webhook's secret did not outlive a restart: a new one is made by rotating it.")

    // MARK: - Which one

    /// The webhook that the path names; throws 404 for one that is somebody else's.
    private func webhook(_ call: Call, orOfAnybodyForAdmin: Bool = false) throws(Problem) -> Webhook {
        guard case .key(let key) = call.caller, let webhook = webhooks.find(call.parameter("id")[...]),
            webhook.owner == key.owner || orOfAnybodyForAdmin && key.isAdmin
        else { throw Self.nothingHere }
        return webhook
    }

    private func resource(of webhook: Webhook, for call: Call) -> WebhookResource {
        resource(of: webhook, for: call, keyNames)
    }

    private func resource(of webhook: Webhook, for call: Call, _ names: [Owner: String]) -> WebhookResource {
        webhooks.resource(of: webhook, key: names[webhook.owner], isOwn: webhook.owner == call.caller.owner)
    }

    private var keyNames: [Owner: String] {
        Dictionary((keys?.inUse ?? []).map { ($0.record.owner, $0.record.name.text) }) { first, _ in first }
    }

    private func list(_ call: Call) -> Answer {
        guard case .key(let key) = call.caller else { return .now(.json(JSONMember("webhooks", [WebhookResource]()))) }
        // Off the loop that serves others: how far each is behind is counted.
        return .later { () throws(Problem) in
            let names = keyNames
            let all = webhooks.webhooks(of: key.isAdmin ? nil : key.owner).sorted(by: Webhook.isOlder)
            return .json(JSONMember("webhooks", all.map { resource(of: $0, for: call, names) }))
        }
    }

    /// Whether something is not written that a caller sees.
    private func isUnwritten(_ caller: Caller) -> Bool {
        guard case .key(let key) = caller else { return false }
        return webhooks.hasUnwritten(of: key.isAdmin ? nil : key.owner)
    }

    // MARK: - Changing

    private func make(_ call: Call) throws(Problem) -> Answer {
        var reader = BodyReader(try JSONText.object(call.body))
        let url = reader.webhookURL("url", required: true, webhooks.configuration.policy)
        let types = reader.webhookTypes("types")
        let sessions = reader.webhookSessions("sessions") { isOwn($0, call) }
        try reader.finish()
        guard let url else { throw Problem(.invalidRequest, "The body is not complete.") }
        // Off the loop: with the first one libcurl is loaded.
        return .later { () throws(Problem) in
            let secret = WebhookSecret.random()
            let webhook = try webhooks.make(
                url, WebhookSelection(types: types, sessions: sessions), secret, of: call.caller.owner)
            var response = Response.json(Shown(webhook: resource(of: webhook, for: call), secret: secret), status: 201)
            response.set("Location", "/v1/webhooks/\(webhook.id)")
            return response
        }
    }

    private func change(_ call: Call) throws(Problem) -> Answer {
        let webhook = try webhook(call, orOfAnybodyForAdmin: true)
        var reader = BodyReader(call.body.isEmpty ? [:] : try JSONText.object(call.body))
        var changes = WebhookChanges()
        changes.isEnabled = reader.flag("enabled")
        // Others may switch it off and on, and have no say in where its events go.
        if webhook.owner == call.caller.owner {
            changes.url = reader.webhookURL("url", required: false, webhooks.configuration.policy)
            let before = webhook.state.withLock { $0.selection }
            let types = reader.clears("types") ? nil : reader.webhookTypes("types") ?? before.types
            let sessions =
                reader.clears("sessions")
                ? nil : reader.webhookSessions("sessions") { isOwn($0, call) } ?? before.sessions
            changes.selection = WebhookSelection(types: types, sessions: sessions)
        }
        try reader.finish()
        try webhooks.change(webhook, changes)
        return .now(.json(resource(of: webhook, for: call)))
    }

    private func isOwn(_ session: String, _ call: Call) -> Bool {
        webhooks.registry.session(session)?.owner == call.caller.owner
    }

    private func rotate(_ call: Call) throws(Problem) -> Answer {
        let webhook = try webhook(call)
        let secret = try webhooks.rotate(webhook)
        return .now(.json(Shown(webhook: resource(of: webhook, for: call), secret: secret)))
    }

    private func test(_ call: Call) throws(Problem) -> Answer {
        let webhook = try webhook(call, orOfAnybodyForAdmin: true)
        guard webhook.state.withLock({ $0.secrets != nil }) else { throw Self.noSecret }
        let trace = call.traceParent
        return .later { () throws(Problem) in
            .json(WebhookAttempt(attempt: try await webhooks.test(of: webhook, in: trace)))
        }
    }

    private func replay(_ call: Call) throws(Problem) -> Answer {
        let webhook = try webhook(call)
        var reader = BodyReader(try JSONText.object(call.body))
        let after = reader.requiredString("after")
        try reader.finish()
        guard let after else { throw Problem(.invalidRequest, "The body is not complete.") }
        try webhooks.replay(webhook, after: try ReadPosition(parsing: after, of: .feed))
        return .now(.json(resource(of: webhook, for: call)))
    }

    /// A webhook with its secret, which is seen this once.
    private struct Shown: JSONObject {
        let webhook: WebhookResource
        let secret: WebhookSecret

        func writeMembers(to json: inout JSONWriter) {
            json.member("secret", secret.text)
            json.member("webhook", webhook)
        }
    }
}
