/// A session of a gateway, and the token that opens it.
///
/// It stays when this object goes: `signOut` ends it. Copies are the same session, and share its token.
public struct RemoteSession: Sendable {
    public let gateway: RemoteGateway
    public let id: String
    let tokens: SessionTokens

    init(_ gateway: RemoteGateway, id: String, tokens: SessionTokens) {
        self.gateway = gateway
        self.id = id
        self.tokens = tokens
    }

    init(_ gateway: RemoteGateway, id: String, token: GatewayCredential) {
        self.init(gateway, id: id, tokens: SessionTokens(token))
    }

    /// What opens it now, to be kept with care: whoever has it may do everything with this session.
    public var token: GatewayCredential { tokens.current }

    /// The path of the session, or of something in it.
    func path(_ rest: String = "") -> String { "/v1/sessions/\(APIRequest.segment(id))\(rest)" }

    /// Makes any call as this session, and gives its answer where that is a success.
    ///
    /// Where the session is one that stays signed in (`AccountEvents`), a token that is taken no more is replaced once.
    public func call(_ request: APIRequest) async throws(GatewayError) -> APIResponse {
        let token = tokens.current
        do throws(GatewayError) {
            return try await gateway.call(request, as: token)
        } catch {
            guard case .problem(let problem) = error, problem.status == 401, await tokens.renew(token, of: id) else {
                throw error
            }
        }
        return try await gateway.call(request, as: tokens.current)
    }

    func call(
        _ method: String, _ rest: String = "", _ body: JSONValue? = nil, query: [(name: String, value: String)] = []
    ) async throws(GatewayError) -> APIResponse {
        try await call(APIRequest(method, path(rest), query: query, body: body?.bytes))
    }

    // MARK: The session

    /// The session as it is now.
    public func info() async throws(GatewayError) -> SessionInfo { try await call("GET").decode(SessionInfo.self) }

    /// All that it knows now, and the position after it.
    public func snapshot() async throws(GatewayError) -> Snapshot {
        try await call("GET", "/snapshot").decode(Snapshot.self)
    }

    /// Signs out; repeated, it does nothing more.
    public func signOut() async throws(GatewayError) { _ = try await call("DELETE") }

    /// Changes the display name; the server may have it otherwise.
    public func rename(_ displayName: String) async throws(GatewayError) -> SessionInfo {
        try await call("PATCH", "", ["displayName": .string(displayName)]).decode(SessionInfo.self)
    }

    /// Has a session that is `reconnecting` try at once.
    public func reconnect() async throws(GatewayError) { _ = try await call("POST", "/reconnect") }

    /// How the account shows itself.
    public func presence() async throws(GatewayError) -> Word<PresenceStatus> {
        try await call("GET", "/presence").decode(PresenceState.self).status
    }

    /// Shows the account otherwise, and returns when the server has taken it.
    public func setPresence(_ status: PresenceStatus) async throws(GatewayError) {
        _ = try await call("PUT", "/presence", ["status": .string(status.rawValue)])
    }

    /// The profile of the account, by the names of the API.
    public func profile() async throws(GatewayError) -> JSONValue {
        try await call("GET", "/profile").decode(JSONValue.self)
    }
}

private struct PresenceState: Decodable {
    let status: Word<PresenceStatus>
}
