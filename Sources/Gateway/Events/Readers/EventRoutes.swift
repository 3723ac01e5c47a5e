import ByteText
import HTTPFront

/// A session's events, polled and streamed, and what its connections say.
struct EventRoutes: Sendable {
    static let pollParameters: Set<ByteText> = ["after", "wait", "limit", "types", "consumer"]
    static let streamParameters: Set<ByteText> = ["after", "types", "consumer"]

    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/events",
                [
                    "GET": Endpoint(
                        query: Self.pollParameters, honoursWait: true, telling: .nothing,
                        limit: { $0.session?.pollLimit }
                    ) { call throws(Problem) in
                        try call.openedSession.poll(ReadQuery(call, of: .session))
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/stream",
                [
                    "GET": Endpoint(
                        produces: ["text/event-stream"], query: Self.streamParameters, telling: .nothing,
                        limit: { $0.session?.streamLimit }
                    ) { call throws(Problem) in
                        try call.openedSession.stream(ReadQuery(call, of: .session))
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/trace",
                [
                    "GET": Endpoint(
                        produces: ["text/event-stream"], telling: .facts(.life),
                        limit: { $0.session.map { $0.traces.limit($0.environment.limits.tracesPerSession) } }
                    ) { call throws(Problem) in
                        try call.openedSession.traces.open(of: call.openedSession)
                    }
                ]),
        ]
    }
}

/// The events of all sessions of an API key.
struct FeedRoutes: Sendable {
    let registry: SessionRegistry

    var routes: [Route] {
        [
            Route(
                "/v1/events",
                [
                    "GET": Endpoint(
                        access: .key, query: EventRoutes.pollParameters, honoursWait: true, telling: .nothing,
                        limit: { [registry] in registry.feed(of: $0.owner).pollLimit }
                    ) { call throws(Problem) in
                        try registry.feed(of: call.caller.owner).poll(ReadQuery(call, of: .feed))
                    }
                ]),
            Route(
                "/v1/stream",
                [
                    "GET": Endpoint(
                        access: .key, produces: ["text/event-stream"], query: EventRoutes.streamParameters,
                        telling: .nothing, limit: { [registry] in registry.feed(of: $0.owner).streamLimit }
                    ) { call throws(Problem) in
                        try registry.feed(of: call.caller.owner).stream(ReadQuery(call, of: .feed))
                    }
                ]),
        ]
    }
}
