import HTTPFront

/// Long-polling a session's events.
struct EventRoutes: Sendable {
    var routes: [Route] {
        [
            Route(
                "/v1/sessions/{sid}/events",
                [
                    "GET": Endpoint(query: ["after", "wait", "limit", "types"], honoursWait: true) {
                        call throws(Problem) in try poll(call)
                    }
                ])
        ]
    }

    private func poll(_ call: Call) throws(Problem) -> Outcome {
        var query = PollQuery()
        if let after = call.query["after"] { query.position = try ReadPosition(parsing: after) }
        if let types = call.query["types"] { query.filter = try TypeFilter(parsing: types) }
        if let limit = try call.query.number("limit", in: 1...GatewayLimits.mostPollEvents) { query.limit = limit }
        if let wait = try call.query.number("wait", in: 0...GatewayLimits.longestWait) {
            query.wait = wait
        } else if let wait = call.preferences.wait {
            query.wait = wait
        }
        // HEAD is for looking, so it never waits.
        if call.head.method == "HEAD" { query.wait = 0 }
        return try call.openedSession.poll(query)
    }
}
