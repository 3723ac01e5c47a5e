package import MSNPClient

/// What the operator decided.
package struct GatewayConfiguration: Sendable {
    /// At least one; the first is the default.
    package var backends: [BackendConfiguration]
    /// Names, besides `localhost` and IP literals, under which the gateway may be called.
    package var publicHosts: Set<String> = []
    /// Origins whose pages may call the gateway, besides its own.
    package var corsOrigins: Set<String> = []
    /// Addresses of proxies that are believed; that there are any closes the open sign-in.
    package var trustedProxies: Set<String> = []
    /// Where they say for whom they ask.
    package var proxyHeader = ProxyHeader.xForwardedFor
    /// Whether people may sign in without a key; nil leaves it to the loopback rule.
    package var openSignIn: Bool?
    /// Whether the address listened on is a loopback one.
    package var listensOnLoopback: Bool
    /// The API keys that the operator makes and revokes; nil where there is no place for any.
    package var keys: APIKeyStore?
    /// The sandbox whose faults can be ordered; nil where none runs.
    package var sandbox: (any SandboxControl)?
    /// Where the static pages are; nil for none.
    package var webDirectory: String?
    /// What `/openapi.yaml` and `/docs` show; nil for nothing.
    package var description: APIDescription?
    package var limits = GatewayLimits()
    package var webhooks = WebhookConfiguration()
    /// As `GET /v1` says it.
    package var version = GatewayConfiguration.currentVersion

    /// The version of these sources (docs/api.md says what its numbers promise).
    package static let currentVersion = "0.1.0"

    package init(backends: [BackendConfiguration], listensOnLoopback: Bool) {
        precondition(!backends.isEmpty, "a gateway needs a backend")
        self.backends = backends
        self.listensOnLoopback = listensOnLoopback
    }
}
