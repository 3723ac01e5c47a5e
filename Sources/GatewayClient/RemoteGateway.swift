/// A gateway, by its public API.
///
/// Copies share their connections, which are closed with the last of them. Any number of tasks may call at the same time. A task
/// that is cancelled ends its request at once, and its call with `GatewayError.cancelled`.
public struct RemoteGateway: Sendable {
    public let address: GatewayAddress
    /// What signs in where the gateway wants an API key; nil without one.
    public let key: GatewayCredential?
    public let options: ClientOptions
    private let transport: HTTPTransport

    /// A gateway that nobody has called yet.
    public init(_ address: GatewayAddress, key: GatewayCredential? = nil, options: ClientOptions = ClientOptions()) {
        self.address = address
        self.key = key
        self.options = options
        transport = HTTPTransport(address, options)
    }

    /// Makes any call, and gives its answer where that is a success.
    ///
    /// - Parameters:
    ///   - request: the call.
    ///   - credential: who calls; nil for nobody in particular.
    ///   - receiving: takes the pieces of a success as they come, on a thread that must not be held up, instead of having them in
    ///     the answer: a stream's, say.
    public func call(
        _ request: APIRequest, as credential: GatewayCredential?, receiving: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(GatewayError) -> APIResponse {
        try await transport.send(request, as: credential, receiving: receiving).checked()
    }

    /// What the gateway says of itself.
    public func entry() async throws(GatewayError) -> Entry {
        try await call(APIRequest("GET", "/v1"), as: key).decode(Entry.self)
    }

    /// Signs in, waiting for the server, 30 s as a rule.
    ///
    /// The session goes on without this process. A second sign-in of the same account gives the same session.
    public func signIn(_ signIn: SignIn) async throws(GatewayError) -> RemoteSession {
        var request = APIRequest("POST", "/v1/sessions", body: signIn.body)
        request.wait = .seconds(30)
        let grant = try await call(request, as: key).decode(Grant.self)
        guard let token = GatewayCredential(grant.token) else {
            throw .invalidAnswer(status: 201, "it has no token that can be used")
        }
        return RemoteSession(self, id: grant.session.id, token: token)
    }

    /// A session whose token was kept; whether it is there a call says.
    public func session(_ id: String, token: GatewayCredential) -> RemoteSession {
        RemoteSession(self, id: id, token: token)
    }

    /// The sessions of the API key.
    public func sessions() async throws(GatewayError) -> [SessionInfo] {
        struct List: Decodable { let sessions: [SessionInfo] }
        return try await call(APIRequest("GET", "/v1/sessions"), as: key).decode(List.self).sessions
    }

    /// The events of all sessions of the API key, in one loop; it begins at `.now`, `.oldest` or after a cursor of its own kind.
    public func events(from start: EventStart = .now, types: [String] = []) -> EventSequence {
        EventSequence(EventSource(self, path: "/v1/events", credential: { key }, isFeed: true), start, types: types)
    }
}

/// What a sign-in is answered with.
private struct Grant: Decodable {
    let session: SessionInfo
    let token: String
}
