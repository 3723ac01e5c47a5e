import ByteText
import HTTPFront

/// Whether a caller without a key may sign in, and have whatever else is granted to loopback.
///
/// What the operator says counts. Left unsaid, it is open only where nobody but this machine's own people can ask:
/// bound to loopback, no keys, no public names, no proxies, and no trace of one in the request.
struct SignInPolicy: Sendable {
    private let isOpen: Bool
    private let onlyDirectly: Bool
    /// Whether what is granted to loopback could be, by what the operator configured.
    private let isPrivate: Bool
    /// Keys come and go while the gateway runs; nil where there can be none.
    private let keys: APIKeyStore?

    init(_ configuration: GatewayConfiguration) {
        keys = configuration.keys
        isPrivate =
            configuration.listensOnLoopback && configuration.publicHosts.isEmpty && configuration.trustedProxies.isEmpty
        if let said = configuration.openSignIn {
            isOpen = said
            onlyDirectly = false
        } else {
            isOpen = isPrivate
            onlyDirectly = true
        }
    }

    /// What `GET /v1` says.
    func word(for head: RequestHead) -> String { permitsAnonymous(head) ? "open" : "key" }

    func permitsAnonymous(_ head: RequestHead) -> Bool {
        guard isOpen else { return false }
        guard onlyDirectly else { return true }
        return isDirect(head)
    }

    /// Whether a caller without a key may do what is the operator's: the rule of loopback alone.
    ///
    /// That the sign-in is open to the world says nothing of this.
    func permitsOperation(_ head: RequestHead) -> Bool { isPrivate && isDirect(head) }

    private func isDirect(_ head: RequestHead) -> Bool {
        head.peer.isLoopback && !Self.isForwarded(head) && keys?.isEmpty != false
    }

    private static let forwardedPrefix = "X-Forwarded-"

    /// Headers that proxies add.
    private static func isForwarded(_ head: RequestHead) -> Bool {
        head.headers.contains { name, _ in
            ASCII.equalsFolded(name, "Forwarded") || ASCII.equalsFolded(name, "Via")
                || ASCII.equalsFolded(Substring(name.utf8.prefix(forwardedPrefix.utf8.count)), forwardedPrefix)
        }
    }
}
