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
                    "GET": Endpoint(query: Self.pollParameters, honoursWait: true) { call throws(Problem) in
                        try poll(call)
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/stream",
                [
                    "GET": Endpoint(produces: ["text/event-stream"], query: Self.streamParameters) {
                        call throws(Problem) in try stream(call)
                    }
                ]),
            Route(
                "/v1/sessions/{sid}/trace",
                [
                    "GET": Endpoint(produces: ["text/event-stream"]) { call throws(Problem) in
                        try call.openedSession.trace()
                    }
                ]),
        ]
    }

    private func poll(_ call: Call) throws(Problem) -> Answer {
        let shared = try SharedParameters(call)
        var query = PollQuery()
        query.position = try Self.position(call).map { text throws(Problem) in try ReadPosition(parsing: text) }
        query.filter = shared.filter
        query.limit = shared.limit
        query.wait = shared.wait
        query.consumer = shared.consumer
        query.commits = shared.commits
        return try call.openedSession.poll(query)
    }

    private func stream(_ call: Call) throws(Problem) -> Answer {
        let shared = try SharedParameters(call)
        var query = StreamQuery()
        query.position = try Self.position(call).map { text throws(Problem) in try ReadPosition(parsing: text) }
        query.filter = shared.filter
        query.consumer = shared.consumer
        query.commits = shared.commits
        return try call.openedSession.stream(query)
    }

    /// Where the reader wants to begin, as text.
    ///
    /// `Last-Event-ID` wins over `after`: a browser that connects again sends it to the URL of the first time.
    static func position(_ call: Call) -> String? {
        let isStream = call.mediaType == "text/event-stream"
        if isStream, let last = call.head.headers.first(of: "Last-Event-ID"), !last.isEmpty { return last }
        return call.query["after"]
    }

    /// What all reads of events take.
    struct SharedParameters: Sendable {
        var filter = TypeFilter.everything
        var consumer: ConsumerName?
        var limit = GatewayLimits.pollEvents
        var wait = GatewayLimits.pollWait
        /// HEAD is for looking: it never waits, and commits nothing.
        let commits: Bool

        init(_ call: Call) throws(Problem) {
            commits = !call.head.isMethod("HEAD")
            if let types = call.query["types"] { filter = try TypeFilter(parsing: types) }
            if let name = call.query["consumer"] { consumer = try ConsumerName(parsing: name) }
            if let limit = try call.query.number("limit", in: 1...GatewayLimits.mostPollEvents) { self.limit = limit }
            if let wait = try call.query.number("wait", in: 0...GatewayLimits.longestWait) {
                self.wait = wait
            } else if let wait = call.preferences.wait {
                self.wait = wait
            }
            if !commits { wait = 0 }
        }
    }
}
