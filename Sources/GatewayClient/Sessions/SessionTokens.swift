import Locking

/// The token of a session, which whoever stays signed in replaces when it is taken no more.
final class SessionTokens: Sendable {
    private let token: Locked<GatewayCredential>
    /// Signs in again; nil where nobody can.
    private let signIn: (@Sendable () async -> RemoteSession?)?

    init(_ token: GatewayCredential, signIn: (@Sendable () async -> RemoteSession?)? = nil) {
        self.token = Locked(token)
        self.signIn = signIn
    }

    var current: GatewayCredential { token.withLock { $0 } }

    /// Takes another token in place of one that was refused; whether there is one of the same session.
    func renew(_ refused: GatewayCredential, of id: String) async -> Bool {
        // Somebody else was quicker.
        if current != refused { return true }
        guard let session = await signIn?(), session.id == id else { return false }
        let fresh = session.token
        token.withLock { $0 = fresh }
        return true
    }
}
