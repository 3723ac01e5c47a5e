import HTTPFront

/// `GET /v1/keys`: which API keys there are, and which of them nobody uses any more.
struct KeyRoutes: Sendable {
    /// Nil where there can be none.
    let keys: APIKeyStore?

    var routes: [Route] {
        [
            Route(
                "/v1/keys",
                [
                    "GET": Endpoint(access: .operator) { _ throws(Problem) in
                        .now(.json(JSONMember("keys", (keys?.inUse ?? []).map(Item.init))))
                    }
                ])
        ]
    }

    /// What is shown of a key: nothing that it could be used or found by.
    private struct Item: JSONObject {
        let key: APIKeyStore.KeyInUse

        func writeMembers(to json: inout JSONWriter) {
            json.member("createdAt", key.record.createdAt)
            json.member("lastUsedAt", key.lastUsedAt)
            json.member("messageBurst", key.record.pace.messageBurst)
            json.member("messagesPerSecond", key.record.pace.messagesPerSecond)
            json.member("name", key.record.name.text)
            json.member("scopes", key.record.scopes.map(\.rawValue).sorted())
        }
    }
}
