import MSNP

/// How an attempt to sign in came out.
enum SignInResult: Sendable {
    case online
    /// With the protocol's reason, or nil when the gateway itself ended it.
    case ended(SessionEnd?)
}
