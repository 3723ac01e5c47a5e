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
    private static func position(_ call: Call) -> Substring? {
        let isStream = call.mediaType == "text/event-stream"
        if isStream, let last = call.head.headers.first(of: "Last-Event-ID"), !last.isEmpty { return last[...] }
        return call.query["after"]
    }
}

/// Where a reader wants to begin: `after=` or `Last-Event-ID`.
enum ReadPosition: Sendable, Equatable {
    /// At the first event that is still kept.
    case oldest
    /// With whatever comes next; the default.
    case now
    case after(Cursor)

    /// Throws `Problem` on what is neither a word nor a cursor of that kind.
    init(parsing text: some StringProtocol, of kind: Cursor.Kind = .session) throws(Problem) {
        if ASCII.equals(text, "oldest") {
            self = .oldest
        } else if ASCII.equals(text, "now") {
            self = .now
        } else {
            guard let cursor = Cursor(parsing: Substring(text), of: kind) else {
                throw Problem(.invalidCursor, kind.nothingOfIt)
            }
            self = .after(cursor)
        }
    }
}

extension Cursor.Kind {
    /// What a text is told that is no cursor of the kind.
    fileprivate var nothingOfIt: String {
        switch self {
        case .session: "That is no cursor, which next of a poll and id of an event are."
        case .feed: "That is no cursor of the feed, which only next of a poll and id of a stream are."
        }
    }
}

/// The name of a reader whose position the gateway keeps: `[A-Za-z0-9._-]{1,64}`.
struct ConsumerName: BytewiseText {
    let text: String

    private static let longest = 64

    /// Throws `Problem` on what is no name.
    init(parsing text: some StringProtocol) throws(Problem) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isNameByte) else {
            throw Problem(
                .invalidRequest,
                "The query parameter consumer has to be 1 to \(Self.longest) letters, digits, dots, underscores or hyphens."
            )
        }
        self.text = String(text)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
