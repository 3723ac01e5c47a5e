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
                        try registry.feed(of: call.caller.owner).poll(ReadQuery(call, of: .feed))
                    }
                ]),
            Route(
                "/v1/stream",
                [
                    "GET": Endpoint(
                        access: .key, produces: ["text/event-stream"], query: EventRoutes.streamParameters
                    ) { call throws(Problem) in
                        try registry.feed(of: call.caller.owner).stream(ReadQuery(call, of: .feed))
                    }
                ]),
        ]
    }
}
