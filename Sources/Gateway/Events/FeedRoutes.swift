import HTTPFront

/// The events of all sessions of an API key.
struct FeedRoutes: Sendable {
    let registry: SessionRegistry

    var routes: [Route] {
        [
            Route(
                "/v1/events",
                [
                    "GET": Endpoint(access: .key, query: EventRoutes.pollParameters, honoursWait: true) {
                        call throws(Problem) in
                        try registry.feed(of: call.caller.owner).poll(query(call))
                    }
                ]),
            Route(
                "/v1/stream",
                [
                    "GET": Endpoint(
                        access: .key, produces: ["text/event-stream"], query: EventRoutes.streamParameters
                    ) { call throws(Problem) in
                        try registry.feed(of: call.caller.owner).stream(query(call))
                    }
                ]),
        ]
    }

    private func query(_ call: Call) throws(Problem) -> FeedQuery {
        var query = FeedQuery()
        query.position = try EventRoutes.position(call).map { text throws(Problem) in
            try FeedPosition(parsing: text)
        }
        let shared = try EventRoutes.SharedParameters(call)
        query.filter = shared.filter
        query.consumer = shared.consumer
        query.limit = shared.limit
        query.wait = shared.wait
        query.commits = shared.commits
        return query
    }
}
