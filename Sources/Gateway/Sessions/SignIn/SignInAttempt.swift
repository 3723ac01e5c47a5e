/// What failures are counted for.
struct SignInAttempt: Hashable, Sendable {
    let account: SignInAccount
    let source: SignInSource
}
