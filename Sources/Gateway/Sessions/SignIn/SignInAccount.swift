import ByteText

/// Which account somebody tries to sign in.
struct SignInAccount: Hashable, Sendable {
    let backend: ByteText
    /// As servers compare accounts: without case.
    let account: FoldedText
}
