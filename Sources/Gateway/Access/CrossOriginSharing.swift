import ByteText
import HTTPFront

/// What pages of other origins may see (CORS, in the Fetch standard, 3.2): those that the operator listed everything, others nothing.
///
/// Credentials mode stays off: the API's credentials are a header that a page sets itself, and there are no cookies. No
/// origin is allowed by a wildcard.
struct CrossOriginSharing: Sendable {
    private let listed: Set<FoldedText>

    /// For how many seconds a browser may believe a preflight: as long as an origin that the operator takes off the list
    /// stays in.
    private static let maxAge = 600
    /// What a page may send; `Accept` it may in any case.
    private static let requestHeaders =
        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, X-Request-Id, traceparent"
    /// What a page may read, besides the body and what it may in any case.
    private static let responseHeaders =
        "X-Request-Id, ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Preference-Applied, Idempotency-Replayed, Allow, WWW-Authenticate"

    static let none = CrossOriginSharing(listed: [])

    init(listed: Set<String>) {
        self.listed = Set(listed.map { FoldedText($0) })
    }

    /// Adds to an answer what a browser has to know before it shows it to a page.
    func apply(to response: inout Response, for head: RequestHead?) {
        guard !listed.isEmpty else { return }
        // Also where no page asked: a cache must not give one origin's answer to another.
        response.add("Vary", "Origin")
        guard let head, let origin = origin(of: head) else { return }
        response.set("Access-Control-Allow-Origin", origin)
        response.set("Access-Control-Expose-Headers", Self.responseHeaders)
    }

    /// Adds to an answer to OPTIONS what a preflight asks for.
    func answerPreflight(_ response: inout Response, _ head: RequestHead, methods: String) {
        guard origin(of: head) != nil, head.headers.contains("Access-Control-Request-Method") else { return }
        response.set("Access-Control-Allow-Methods", methods)
        response.set("Access-Control-Allow-Headers", Self.requestHeaders)
        response.set("Access-Control-Max-Age", String(Self.maxAge))
    }

    /// The origin as it was sent, if it is on the list.
    private func origin(of head: RequestHead) -> String? {
        let sent = head.headers.values(of: "Origin")
        guard sent.count == 1, let origin = sent.first, origin.utf8.count <= OriginPolicy.longest,
            listed.contains(FoldedText(origin))
        else { return nil }
        return origin
    }
}
