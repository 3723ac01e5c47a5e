import ByteText
import HTTPFront

/// What a reader of events asks for: a poll, or a stream, which knows no `limit` and no `wait`.
struct ReadQuery: Sendable {
    /// Nil leaves it to the consumer: where it stands, the oldest event for a new one; to now where there is none.
    var position: ReadPosition?
    var filter = TypeFilter.everything
    var consumer: ConsumerName?
    /// Whether a consumer's position may move: HEAD only looks.
    var commits = true
    var limit = GatewayLimits.pollEvents
    /// Seconds; 0 asks for what is there.
    var wait = GatewayLimits.pollWait

    init() {}

    /// What a call says; throws `Problem` on what it says wrongly.
    init(_ call: Call, of kind: Cursor.Kind) throws(Problem) {
        position = try Self.position(call).map { text throws(Problem) in try ReadPosition(parsing: text, of: kind) }
        if let types = call.query["types"] { filter = try TypeFilter(parsing: types) }
        if let name = call.query["consumer"] { consumer = try ConsumerName(parsing: name) }
        if let limit = try call.query.number("limit", in: 1...GatewayLimits.mostPollEvents) { self.limit = limit }
        if let wait = try call.query.number("wait", in: 0...GatewayLimits.longestWait) {
            self.wait = wait
        } else if let wait = call.preferences.wait {
            self.wait = wait
        }
        // HEAD is for looking: it never waits, and commits nothing.
        commits = !call.head.isMethod("HEAD")
        if !commits { wait = 0 }
    }

    /// Where the reader wants to begin, as text.
    ///
    /// `Last-Event-ID` wins over `after`: a browser that connects again sends it to the URL of the first time.
    private static func position(_ call: Call) -> String? {
        let isStream = call.mediaType == "text/event-stream"
        if isStream, let last = call.head.headers.first(of: "Last-Event-ID"), !last.isEmpty { return last }
        return call.query["after"]
    }
}
