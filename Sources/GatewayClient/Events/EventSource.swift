/// Where a loop over events asks: a session, or all sessions of an API key.
struct EventSource: Sendable {
    /// Events in one answer, as many as may be: each answer costs as much as a hundred of them.
    private static let most = 500

    let gateway: RemoteGateway
    /// Whether its positions are its own, and not those of its events.
    let isFeed: Bool
    private let call: @Sendable (APIRequest) async throws(GatewayError) -> APIResponse
    private let path: String
    /// Of the session; nil where there is none.
    private let snapshotPath: String?

    init(_ session: RemoteSession) {
        gateway = session.gateway
        isFeed = false
        path = session.path("/events")
        snapshotPath = session.path("/snapshot")
        call = { request throws(GatewayError) in try await session.call(request) }
    }

    init(
        _ gateway: RemoteGateway, path: String, credential: @escaping @Sendable () -> GatewayCredential?, isFeed: Bool
    ) {
        self.gateway = gateway
        self.isFeed = isFeed
        self.path = path
        snapshotPath = nil
        call = { request throws(GatewayError) in try await gateway.call(request, as: credential()) }
    }

    func poll(after: String?, consumer: String?, types: [String]) async throws(GatewayError) -> EventPage {
        // Where now is has to be known before anything is waited for: what happens while a first poll is lost would be missed.
        let wait = after == "now" ? .zero : gateway.options.pollWait
        var request = APIRequest("GET", path)
        request.query = [("limit", String(Self.most)), ("wait", String(wait.components.seconds))]
        if let after { request.query.append(("after", after)) }
        if let consumer { request.query.append(("consumer", consumer)) }
        if !types.isEmpty { request.query.append(("types", types.joined(separator: ","))) }
        request.wait = wait
        return try await call(request).decode(EventPage.self)
    }

    func snapshot() async throws(GatewayError) -> Snapshot {
        guard let snapshotPath else { throw .invalidRequest("All sessions of a key have no snapshot.") }
        return try await call(APIRequest("GET", snapshotPath)).decode(Snapshot.self)
    }
}
