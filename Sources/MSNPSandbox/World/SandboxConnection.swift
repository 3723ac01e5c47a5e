import MSNP

/// What the server knows of one connection.
struct SandboxConnection: Sendable {
    enum Phase: Sendable {
        /// Nothing came yet; `VER` has to.
        case greeting
        /// Only `CVR0` was in common: no sign-in, but an answer to `CVQ`.
        case clientVersionOnly
        case identifying(Dialect)
        case challenged(Dialect, SandboxSignIn)
        case signedIn(SandboxSession)
    }

    let role: SandboxRole
    /// The notification server as this client can reach it.
    let referral: ServerAddress
    var phase = Phase.greeting
}
