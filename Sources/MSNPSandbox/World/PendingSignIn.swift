/// A sign-in between `USR I` and `USR S`.
struct PendingSignIn: Sendable {
    /// Nil for an account that isn't there, which is challenged like any other so that nobody can list accounts.
    let account: AccountID?
    let challenge: String
}
